//! What JWTs need: keys that are stored, and somebody who signs with them.

mod repository;
mod signer;

pub use repository::JwkRepository;
#[cfg(any(test, feature = "testing"))]
pub use repository::MockJwkRepository;
pub use signer::{KeyPair, SigningKey, TokenSigner};

//! JWT signing: storage of keys, and signatures.

mod repository;
mod signer;
mod verifier;

pub use repository::JwkRepository;
#[cfg(any(test, feature = "testing"))]
pub use repository::MockJwkRepository;
pub use signer::{KeyPair, SigningKey, TokenSigner};
pub use verifier::{TokenVerifier, VerifyingKey};

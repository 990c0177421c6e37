//! Verifies sessions and tokens of Portcullis and Better Auth servers in Rust services.
//!
//! [`Verifier`] checks JWTs by the server's published keys, without a request for each token. [`SessionChecker`] asks
//! the server about session cookies and bearer tokens, and [`Introspector`] about tokens as an authenticated service.
//! The features `actix`, `axum` and `tower` add extractors and middleware.
//!
//! This crate must not depend on another crate of the server: services use it without the server's source code. It
//! must not sign anything, and must not follow redirects, since they would send credentials elsewhere.

mod claims;
mod clock;
mod error;
mod http_client;
mod jws;
mod keys;
mod verifier;

pub use claims::{Claims, Empty};
pub use clock::{Clock, SystemClock};
pub use error::{BuildError, Error, Unavailable};
pub use verifier::{Verifier, VerifierBuilder};


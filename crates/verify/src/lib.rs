//! Verifies sessions and tokens of Portcullis and Better Auth servers in Rust services.
//!
//! [`Verifier`] checks JWTs by the server's published keys, without a request for each token. [`SessionChecker`] asks
//! the server about session cookies and bearer tokens, and [`Introspector`] about tokens as an authenticated service.
//! The features `actix`, `axum` and `tower` add extractors and middleware.
//!
//! This crate must not depend on another crate of the server: services use it without the server's source code. It
//! must not sign anything, and must not follow redirects, since they would send credentials elsewhere.

#[cfg(feature = "actix")]
pub mod actix;
mod authenticate;
#[cfg(feature = "axum")]
pub mod axum;
mod cache;
mod claims;
mod clock;
mod cookies;
mod credentials;
mod error;
mod http_client;
mod introspection;
mod jws;
mod keys;
mod session;
#[cfg(feature = "tower")]
pub mod tower;
mod verifier;

pub use authenticate::{Authenticate, WithFields};
pub use claims::{Claims, Empty};
pub use clock::{Clock, SystemClock};
pub use credentials::Credentials;
pub use error::{BuildError, Error, Unavailable};
pub use introspection::{Introspection, Introspector, IntrospectorBuilder};
pub use session::{Session, SessionChecker, SessionCheckerBuilder, User};
pub use verifier::{Verifier, VerifierBuilder};

/// The examples of the README are compiled and run.
#[cfg(all(doctest, feature = "actix", feature = "axum", feature = "tower"))]
#[doc = include_str!("../README.md")]
struct Readme;

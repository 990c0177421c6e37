//! Requests to services outside of the deployment: the guarded HTTP client that all of them use, and services that answer
//! one question.
//!
//! This crate must not decide what an answer permits, or use storage.

mod captcha;
mod client;
mod have_i_been_pwned;
#[cfg(any(test, feature = "testing"))]
#[expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "only tests use it, and a test reports why it cannot start a server"
)]
pub mod testing;

pub use self::{
    captcha::{CaptchaProvider, CaptchaServiceOptions, CaptchaVerifier},
    client::{Client, ClientOptions, Refused, Rejected, RequestError},
    have_i_been_pwned::{DEFAULT_RANGE_URL, RangeQuery},
};

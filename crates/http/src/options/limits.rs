//! Limits of requests.

use std::time::Duration;

/// Limits of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum bytes of a body.
    pub body: usize,
    /// Maximum bytes of a request line and its headers.
    pub head: usize,
    /// Maximum time until the response.
    pub request: Duration,
    /// How much more time a request has if it may wait for providers of sign-ins.
    pub providers: Duration,
    /// How much more time a request has if a feature may ask another server about it or about a new password.
    pub checks: Duration,
    /// Maximum code points of a name.
    pub name: usize,
    /// Maximum code points of a URL.
    pub url: usize,
    /// Maximum code points of any other text.
    pub text: usize,
    /// Maximum bytes of a user agent that are stored.
    pub user_agent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            head: 16 * 1024,
            request: Duration::from_secs(5),
            providers: Duration::from_secs(40),
            checks: Duration::ZERO,
            name: 256,
            url: 2048,
            text: 4096,
            user_agent: 512,
        }
    }
}

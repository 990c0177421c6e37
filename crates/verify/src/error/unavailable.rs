//! Why the server's answer is missing.

/// Why the server's answer is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The server cannot be reached, or the connection broke.
    #[error("the authentication server cannot be reached: {0}")]
    Unreachable(String),
    /// The server did not respond within the time limit.
    #[error("the authentication server did not respond in time")]
    TimedOut,
    /// The server responded with a status that is no answer: a redirect, 429, 503, or a rejection of this service.
    #[error("the authentication server responded with the status {0}")]
    Status(u16),
    /// The response is longer than the limit.
    #[error("the authentication server's response is longer than {0} bytes")]
    TooLarge(usize),
    /// The response is not what the protocol defines.
    #[error("the authentication server's response is not usable: {0}")]
    Invalid(String),
}

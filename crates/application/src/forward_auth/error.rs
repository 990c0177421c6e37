//! Errors of the answers to proxies.

use crate::ports::Failure;

/// Why a request may not reach the application.
#[derive(Debug, thiserror::Error)]
pub enum ForwardAuthError {
    /// The client has no session.
    #[error("no session")]
    Anonymous,
    /// The user does not meet a requirement of the rule.
    #[error("the user does not meet the requirements")]
    Refused,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

//! Why a password was not accepted.

use portcullis_domain::{password::PasswordRejection, rate_limit::Refused};

use crate::ports::Failure;

/// Why a password was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The policy rejects it.
    #[error(transparent)]
    Rejected(#[from] PasswordRejection),
    /// The caller has no account with a password.
    #[error("there is no account with a password")]
    NoCredential,
    /// It is not the caller's password.
    #[error("the password is wrong")]
    Wrong,
    /// Too many attempts have failed lately.
    #[error("too many attempts; the next may come in {} s", .0.retry_after)]
    TooManyAttempts(Refused),
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

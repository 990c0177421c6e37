//! Why a password operation is rejected.

use portcullis_domain::{password::PasswordRejection, rate_limit::Denied};

use crate::{ports::Failure, seams::Refusal};

/// Why a user does not get a new password.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// A plugin refuses the password.
    #[error("a plugin refuses the password: {}", .0.name)]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a password operation is rejected.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The policy rejects the password.
    #[error(transparent)]
    Rejected(#[from] PasswordRejection),
    /// A plugin refuses the new password.
    #[error("a plugin refuses the password: {}", .0.name)]
    Refused(Refusal),
    /// The caller has no credential account.
    #[error("the user has no password")]
    NoCredential,
    /// The password is wrong.
    #[error("the password is wrong")]
    Wrong,
    /// Too many recent attempts have failed.
    #[error("too many attempts; retry in {} s", .0.retry_after)]
    TooManyAttempts(Denied),
    /// The user may not have a new session.
    #[error("a new session is refused: {}", .0.name)]
    SessionRefused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NewPasswordError> for PasswordError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::Refused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Errors of sign-in by user name.

use portcullis_domain::username::UsernameRejection;

use crate::{ports::Failure, sign_in::SignInError};

/// Why a sign-in by user name fails.
#[derive(Debug, thiserror::Error)]
pub enum UsernameSignInError {
    /// No user can have this name.
    #[error(transparent)]
    Rejected(#[from] UsernameRejection),
    /// The sign-in fails as a sign-in by e-mail address does.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why it is not known whether a user name is available.
#[derive(Debug, thiserror::Error)]
pub enum AvailabilityError {
    /// No user can have this name.
    #[error(transparent)]
    Rejected(#[from] UsernameRejection),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

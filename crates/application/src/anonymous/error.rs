//! Why a guest is not signed in or not deleted.

use crate::{
    ports::{Failure, FailureKind, WriteError},
    seams::{DeletionError, Refusal},
};

/// Why a guest is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum AnonymousSignInError {
    /// The caller is a guest.
    #[error("the caller is already a guest")]
    AlreadyAnonymous,
    /// A declared field is required and has no default, or a unique one is taken.
    #[error("the guest cannot be created")]
    UnableToCreateUser,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for AnonymousSignInError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::UnableToCreateUser,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Why a guest is not deleted.
#[derive(Debug, thiserror::Error)]
pub enum AnonymousDeletionError {
    /// Guests are not deleted.
    #[error("the deletion of guests is disabled")]
    Disabled,
    /// The caller is not a guest.
    #[error("the caller is not a guest")]
    NotAnonymous,
    /// The caller's session was revoked meanwhile, or the user's e-mail address was changed.
    #[error("the session was revoked")]
    SessionEnded,
    /// Other rows refer to the guest.
    #[error("other rows refer to the guest")]
    Referenced,
    /// A plugin refuses the deletion.
    #[error("a plugin refuses the deletion: {}", .0.name)]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(Failure),
}

impl From<Failure> for AnonymousDeletionError {
    fn from(failure: Failure) -> Self {
        match failure.kind() {
            FailureKind::Referenced => Self::Referenced,
            FailureKind::Broken | FailureKind::Unavailable | FailureKind::Rejected => Self::Failure(failure),
        }
    }
}

impl From<DeletionError> for AnonymousDeletionError {
    fn from(error: DeletionError) -> Self {
        match error {
            DeletionError::Refused(refusal) => Self::Refused(refusal),
            DeletionError::Failure(failure) => failure.into(),
        }
    }
}

//! Errors of magic links.

use crate::{ports::Failure, sign_in::AddressSignInError};

/// Why no link is sent.
#[derive(Debug, thiserror::Error)]
pub enum SendLinkError {
    /// The deployment sends no messages.
    #[error("the deployment sends no messages")]
    MessagesDisabled,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a followed link signs no user in.
#[derive(Debug, thiserror::Error)]
pub enum MagicLinkError {
    /// The link is unknown, or was followed before.
    #[error("the link is invalid")]
    Invalid,
    /// The link has expired.
    #[error("the link has expired")]
    Expired,
    /// There is no such user, and none may be created.
    #[error("there is no such user")]
    SignUpDisabled,
    /// The user cannot be created.
    #[error("the user cannot be created")]
    UnableToCreateUser,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<AddressSignInError> for MagicLinkError {
    fn from(error: AddressSignInError) -> Self {
        match error {
            AddressSignInError::SignUpDisabled => Self::SignUpDisabled,
            AddressSignInError::UnableToCreateUser => Self::UnableToCreateUser,
            AddressSignInError::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Why a user was not signed in with Google One Tap.

use crate::{
    ports::Failure,
    seams::Refusal,
    social::{IdTokenError, IdentityError, LinkError},
};

/// Why a user was not signed in with Google One Tap.
#[derive(Debug, thiserror::Error)]
pub enum OneTapError {
    /// Google did not issue the token for this deployment, the token is not valid now, or its user is not allowed.
    #[error("the id token is not valid")]
    InvalidToken,
    /// There is no such user, and none may be created.
    #[error("there is no such user")]
    UnknownUser,
    /// A user has the address, and the account may not be linked to that user.
    #[error("the account is not linked to the user with its address")]
    NotLinked,
    /// The user cannot be created: a declared field has no valid value, or a unique one is taken.
    #[error("the user cannot be created")]
    UnableToCreateUser,
    /// A plugin refuses the user.
    #[error("a plugin refuses the user")]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<IdTokenError> for OneTapError {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::UnknownProvider
            | IdTokenError::Unsupported
            | IdTokenError::Invalid
            | IdTokenError::NoUserInfo
            | IdTokenError::NoEmail => Self::InvalidToken,
            IdTokenError::Identity(error) => error.into(),
            IdTokenError::Link(LinkError::Failure(failure)) => Self::Failure(failure),
            IdTokenError::Link(_) => Self::NotLinked,
        }
    }
}

impl From<IdentityError> for OneTapError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NotLinked => Self::NotLinked,
            IdentityError::SignUpDisabled => Self::UnknownUser,
            IdentityError::UnableToCreateUser => Self::UnableToCreateUser,
            IdentityError::Refused(refusal) => Self::Refused(refusal),
            IdentityError::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Why a sign-up is rejected.

use portcullis_domain::password::PasswordRejection;

use crate::{
    credential::NewPasswordError,
    ports::{Failure, UniqueKey, WriteError},
    seams::Refusal,
};

/// Why a sign-up is rejected.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Sign-up is disabled.
    #[error("sign-up with e-mail address and password is disabled")]
    Disabled,
    /// The policy rejects the password.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// A plugin refuses the password.
    #[error("a plugin refuses the password: {}", .0.name)]
    PasswordRefused(Refusal),
    /// Another user has the e-mail address.
    #[error("another user has the e-mail address")]
    EmailTaken,
    /// Another user has the value of a unique additional field.
    #[error("another user has the value of a unique field")]
    FieldTaken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NewPasswordError> for SignUpError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::PasswordRefused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<WriteError> for SignUpError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::UserEmail) => Self::EmailTaken,
            WriteError::Taken(UniqueKey::AdditionalField) => Self::FieldTaken,
            other => Self::Failure(other.into_failure()),
        }
    }
}

//! Errors of codes by mail.

use portcullis_domain::password::PasswordRejection;

use crate::{
    code::CodeError, credential::NewPasswordError, ports::Failure, seams::Refusal,
    sign_in::AddressSignInError,
};

/// Why an operation with a code by mail fails.
#[derive(Debug, thiserror::Error)]
pub enum EmailOtpError {
    /// The deployment sends no messages.
    #[error("the deployment sends no messages")]
    MessagesDisabled,
    /// The code is rejected. The error of an unknown user is that of a wrong code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The policy rejects the password.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// A plugin refuses the password. The code stays valid.
    #[error("the password is refused: {}", .0.name)]
    PasswordRefused(Refusal),
    /// The user cannot be created.
    #[error("the user cannot be created")]
    UnableToCreateUser,
    /// A guard refuses the user a session. The code stays valid.
    #[error("the sign-in is refused: {}", .0.name)]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NewPasswordError> for EmailOtpError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::PasswordRefused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<AddressSignInError> for EmailOtpError {
    fn from(error: AddressSignInError) -> Self {
        match error {
            AddressSignInError::SignUpDisabled => Self::Code(CodeError::Wrong),
            AddressSignInError::UnableToCreateUser => Self::UnableToCreateUser,
            AddressSignInError::Failure(failure) => Self::Failure(failure),
        }
    }
}

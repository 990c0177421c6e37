//! Errors of the use cases of phone numbers.

use portcullis_domain::password::PasswordRejection;

use crate::{
    client_token::TokenEffect, code::CodeError, credential::NewPasswordError, ports::Failure, seams::Refusal,
    sign_in::SignInError,
};

/// Why a sign-in with a phone number and a password fails.
#[derive(Debug, thiserror::Error)]
pub enum PhoneSignInError {
    /// The text is not a phone number in the accepted format.
    #[error("the phone number is invalid")]
    InvalidNumber,
    /// The password is right, but the user has not proven to own the number. A code was sent, which signs this client in
    /// with the token.
    #[error("the phone number is not verified")]
    NotVerified(Box<TokenEffect>),
    /// The sign-in fails as a sign-in by e-mail address does.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendPhoneCodeError {
    /// No messages are sent to phones.
    #[error("messages to phones are disabled")]
    Disabled,
    /// The text is not a phone number in the accepted format.
    #[error("the phone number is invalid")]
    InvalidNumber,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a phone number was not verified. After every error except [`Self::Code`], the code is still valid.
#[derive(Debug, thiserror::Error)]
pub enum VerifyPhoneNumberError {
    /// The code is rejected.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The number is to become the caller's, and there is no caller.
    #[error("a session is required")]
    NoSession,
    /// A user has the number already.
    #[error("a user has the phone number already")]
    Taken,
    /// No user has proven the number, and no user may sign up by it.
    #[error("no user has the phone number")]
    UnknownNumber,
    /// No temporary e-mail address can be made of the number.
    #[error("no e-mail address can be made of the phone number")]
    InvalidNumber,
    /// A user would be created, and the fields that the client sent are invalid.
    #[error("the fields of the new user are invalid")]
    InvalidFields,
    /// Another user has the temporary e-mail address, or the value of a unique field.
    #[error("the user was not created")]
    NotCreated,
    /// A plugin refuses the sign-in.
    #[error("the sign-in is refused: {}", .0.name)]
    Refused(Refusal),
    /// The caller was deleted meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl VerifyPhoneNumberError {
    /// Whether the code was right and is still valid.
    pub(super) const fn keeps_code(&self) -> bool {
        !matches!(self, Self::Code(_) | Self::Failure(_))
    }
}

/// Why a password was not reset by a code that was sent to a phone.
#[derive(Debug, thiserror::Error)]
pub enum PhonePasswordResetError {
    /// The code is rejected.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// No user has proven the number.
    #[error("no user has the phone number")]
    UnknownNumber,
    /// The policy rejects the password. The code is still valid.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// A plugin refuses the password. The code is still valid.
    #[error("the password is refused: {}", .0.name)]
    PasswordRefused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NewPasswordError> for PhonePasswordResetError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::PasswordRefused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

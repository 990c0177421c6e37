//! Why a sign-in is rejected.

use portcullis_domain::rate_limit::Denied;

use crate::ports::Failure;

/// Why a sign-in is rejected.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Sign-in with a password is disabled.
    #[error("sign-in with e-mail address and password is disabled")]
    Disabled,
    /// The user does not exist, has no password, or has another password. The response must not reveal which.
    #[error("wrong e-mail address or password")]
    InvalidCredentials,
    /// The password is right, but the e-mail address is not verified.
    #[error("the e-mail address is not verified")]
    EmailNotVerified,
    /// The password is right, but the identifier with which the user signs in must be verified first. Only if the sign-in
    /// asks for it.
    #[error("the identifier is not verified")]
    IdentifierNotVerified,
    /// The password is longer than any valid password.
    #[error("the password is too long")]
    PasswordTooLong,
    /// Too many sign-ins to the account have failed. The response must not reveal whether the account exists.
    #[error("too many failed sign-ins; retry in {} s", .0.retry_after)]
    TooManyAttempts(Denied),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

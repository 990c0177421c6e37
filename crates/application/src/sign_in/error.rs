//! Why somebody did not get in.

use portcullis_domain::rate_limit::Refused;

use crate::ports::Failure;

/// Why somebody did not get in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Signing in with a password is off.
    #[error("signing in with an address and a password is off")]
    Disabled,
    /// No such user, no password, or another one: which of these is nobody's business.
    #[error("address or password is wrong")]
    InvalidCredentials,
    /// The password is right, but the address is not proven.
    #[error("the address is not verified")]
    EmailNotVerified,
    /// The password is longer than any that could have been set.
    #[error("password is too long")]
    PasswordTooLong,
    /// Too many sign-ins to the account have failed; whether it exists is nobody's business.
    #[error("too many sign-ins have failed; the next may come in {} s", .0.retry_after)]
    TooManyAttempts(Refused),
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

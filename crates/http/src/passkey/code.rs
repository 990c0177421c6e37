//! Error codes of passkeys.

use portcullis_application::passkey::{AuthenticationError, PasskeyChangeError};

/// The error of the deletion of another user's passkey.
pub(super) use crate::code::UNAUTHORIZED;
use crate::{code::Code, error::ApiError};

pub(super) const CHALLENGE_NOT_FOUND: Code = Code::new(400, "CHALLENGE_NOT_FOUND", "Challenge not found");
/// wire: the message is not a sentence.
pub(super) const ORIGIN_MISSING: Code = Code::new(400, "ORIGIN_MISSING", "origin missing");
pub(super) const AUTHENTICATION_FAILED: Code =
    Code::new(400, "AUTHENTICATION_FAILED", "Authentication failed");
pub(super) const NOT_ALLOWED: Code = Code::new(
    401,
    "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY",
    "You are not allowed to register this passkey",
);
pub(super) const UNKNOWN_CREDENTIAL: Code = Code::new(401, "PASSKEY_NOT_FOUND", "Passkey not found");
pub(super) const NOT_FOUND: Code = Code::new(404, "PASSKEY_NOT_FOUND", "Passkey not found");
/// wire: the status is Better Auth's for every response that is not accepted.
pub(super) const REGISTRATION_FAILED: Code = Code::new(
    500,
    "FAILED_TO_VERIFY_REGISTRATION",
    "Failed to verify registration",
)
.caused_by_clients();

pub(crate) const CODES: &[&Code] = &[
    &CHALLENGE_NOT_FOUND,
    &ORIGIN_MISSING,
    &AUTHENTICATION_FAILED,
    &NOT_ALLOWED,
    &UNKNOWN_CREDENTIAL,
    &NOT_FOUND,
    &REGISTRATION_FAILED,
];

impl From<AuthenticationError> for ApiError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::NoOrigin => (&ORIGIN_MISSING).into(),
            AuthenticationError::UnknownChallenge => (&CHALLENGE_NOT_FOUND).into(),
            AuthenticationError::UnknownPasskey => (&UNKNOWN_CREDENTIAL).into(),
            // wire: Better Auth does not distinguish a user who may not sign in.
            AuthenticationError::Rejected(_) | AuthenticationError::Refused(_) => {
                (&AUTHENTICATION_FAILED).into()
            }
            AuthenticationError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the error of a change. wire: Better Auth reports a passkey of another user in two ways.
pub(super) fn of_change(error: PasskeyChangeError, not_owned: &'static Code) -> ApiError {
    match error {
        PasskeyChangeError::Unknown => (&NOT_FOUND).into(),
        PasskeyChangeError::NotOwned => not_owned.into(),
        PasskeyChangeError::Failure(failure) => failure.into(),
    }
}

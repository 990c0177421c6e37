//! Change and verification of the caller's password.

mod change;
mod verification;

use portcullis_application::credential::PasswordError;

pub(crate) use self::{change::ROUTES as CHANGE, verification::ROUTES as VERIFICATION};
use crate::{code::Code, error::ApiError};

pub(crate) const NO_CREDENTIAL: Code = Code::new(
    400,
    "CREDENTIAL_ACCOUNT_NOT_FOUND",
    "Credential account not found",
);
pub(crate) const WRONG: Code = Code::new(400, "INVALID_PASSWORD", "Invalid password");

pub(crate) const CODES: &[&Code] = &[&NO_CREDENTIAL, &WRONG];

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Rejected(rejection) => rejection.into(),
            PasswordError::Refused(refusal) | PasswordError::SessionRefused(refusal) => refusal.into(),
            PasswordError::NoCredential => (&NO_CREDENTIAL).into(),
            PasswordError::Wrong => (&WRONG).into(),
            PasswordError::TooManyAttempts(refused) => Self::too_many_requests(refused),
            PasswordError::Failure(failure) => failure.into(),
        }
    }
}

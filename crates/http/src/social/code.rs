//! The errors of sign-in with providers, and of linking.

use portcullis_application::social::{IdTokenError, IdentityError, LinkError, StartError};

use crate::{code::Code, error::ApiError};

pub(crate) const PROVIDER_NOT_FOUND: Code = Code::new(404, "PROVIDER_NOT_FOUND", "Provider not found");
pub(super) const PROVIDER_UNAVAILABLE: Code = Code::new(
    502,
    "PROVIDER_IS_UNAVAILABLE",
    "The provider's metadata cannot be read. Try again later",
);
/// Only if the deployment stores states in cookies.
pub(crate) const STATE_TOO_LARGE: Code = Code::new(
    400,
    "STATE_TOO_LARGE",
    "The state of the sign-in is too large for a cookie. Use shorter URLs or less additionalData, or set account.store_state_strategy to \"database\"",
);
pub(super) const ID_TOKEN_NOT_SUPPORTED: Code =
    Code::new(404, "ID_TOKEN_NOT_SUPPORTED", "id_token not supported");
pub(super) const INVALID_TOKEN: Code = Code::new(401, "INVALID_TOKEN", "Invalid token");
pub(super) const NO_USER_INFO: Code = Code::new(401, "FAILED_TO_GET_USER_INFO", "Failed to get user info");
pub(super) const NO_EMAIL: Code = Code::new(401, "USER_EMAIL_NOT_FOUND", "User email not found");
pub(super) const NOT_LINKED: Code = Code::new(401, "ACCOUNT_NOT_LINKED", "account not linked");
pub(super) const SIGN_UP_DISABLED: Code = Code::new(401, "SIGNUP_DISABLED", "signup disabled");
pub(super) const UNABLE_TO_CREATE_USER: Code =
    Code::new(401, "UNABLE_TO_CREATE_USER", "unable to create user");
pub(super) const LINKING_NOT_ALLOWED: Code = Code::new(
    401,
    "ACCOUNT_NOT_LINKED__LINKING_NOT_ALLOWED",
    "Account not linked - linking not allowed",
);
pub(super) const DIFFERENT_EMAILS: Code = Code::new(
    401,
    "ACCOUNT_NOT_LINKED__DIFFERENT_EMAILS_NOT_ALLOWED",
    "Account not linked - different emails not allowed",
);
pub(super) const UNABLE_TO_LINK: Code = Code::new(
    417,
    "ACCOUNT_NOT_LINKED__UNABLE_TO_CREATE_ACCOUNT",
    "Account not linked - unable to create account",
);

pub(crate) const CODES: &[&Code] = &[
    &PROVIDER_NOT_FOUND,
    &PROVIDER_UNAVAILABLE,
    &STATE_TOO_LARGE,
    &ID_TOKEN_NOT_SUPPORTED,
    &INVALID_TOKEN,
    &NO_USER_INFO,
    &NO_EMAIL,
    &NOT_LINKED,
    &SIGN_UP_DISABLED,
    &UNABLE_TO_CREATE_USER,
    &LINKING_NOT_ALLOWED,
    &DIFFERENT_EMAILS,
    &UNABLE_TO_LINK,
];

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::UnknownProvider => (&PROVIDER_NOT_FOUND).into(),
            StartError::Provider(_) => (&PROVIDER_UNAVAILABLE).into(),
            StartError::StateTooLarge => (&STATE_TOO_LARGE).into(),
            StartError::Failure(failure) => failure.into(),
        }
    }
}

impl From<IdTokenError> for ApiError {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::UnknownProvider => (&PROVIDER_NOT_FOUND).into(),
            IdTokenError::Unsupported => (&ID_TOKEN_NOT_SUPPORTED).into(),
            IdTokenError::Invalid => (&INVALID_TOKEN).into(),
            IdTokenError::NoUserInfo => (&NO_USER_INFO).into(),
            IdTokenError::NoEmail => (&NO_EMAIL).into(),
            IdTokenError::Identity(error) => error.into(),
            IdTokenError::Link(error) => error.into(),
        }
    }
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NotLinked => (&NOT_LINKED).into(),
            IdentityError::SignUpDisabled => (&SIGN_UP_DISABLED).into(),
            IdentityError::UnableToCreateUser => (&UNABLE_TO_CREATE_USER).into(),
            IdentityError::Refused(refusal) => refusal.into(),
            IdentityError::Failure(failure) => failure.into(),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NotAllowed => (&LINKING_NOT_ALLOWED).into(),
            LinkError::DifferentEmails => (&DIFFERENT_EMAILS).into(),
            LinkError::OtherUser | LinkError::SessionEnded => (&UNABLE_TO_LINK).into(),
            LinkError::Failure(failure) => failure.into(),
        }
    }
}

//! Error codes of API keys.

use portcullis_application::api_key::{
    CreateKeyError, DeleteKeyError, FindKeyError, KeySessionError, ListKeysError, UpdateKeyError,
};
use portcullis_domain::api_key::{ExpiryRejection, KeyRefusal};
use serde_json::json;

use crate::{code::Code, error::ApiError, refusal::Refusals};

pub(super) const UNAUTHORIZED: Code = Code::new(
    401,
    "UNAUTHORIZED_OR_INVALID_SESSION",
    "Unauthorized or invalid session",
);
pub(super) const SERVER_ONLY: Code = Code::new(
    400,
    "THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY",
    "The property you're trying to set can only be set from the server auth instance only.",
);
pub(super) const METADATA_DISABLED: Code = Code::new(400, "METADATA_IS_DISABLED", "Metadata is disabled.");
pub(super) const METADATA_TYPE: Code = Code::new(
    400,
    "METADATA_MUST_BE_AN_OBJECT_OR_UNDEFINED",
    "metadata must be an object or undefined",
);
pub(super) const NO_REFILL_INTERVAL: Code = Code::new(
    400,
    "REFILLAMOUNT_IS_REQUIRED_WHEN_REFILLINTERVAL_IS_PROVIDED",
    "refillAmount is required when refillInterval is provided",
);
pub(super) const NO_REFILL_AMOUNT: Code = Code::new(
    400,
    "REFILLINTERVAL_IS_REQUIRED_WHEN_REFILLAMOUNT_IS_PROVIDED",
    "refillInterval is required when refillAmount is provided",
);
pub(super) const FIXED_LIFETIME: Code = Code::new(
    400,
    "CUSTOM_KEY_EXPIRATION_VALUES_ARE_DISABLED",
    "Custom key expiration values are disabled.",
);
pub(super) const TOO_SHORT_LIFETIME: Code = Code::new(
    400,
    "THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE",
    "The expiresIn is smaller than the predefined minimum value.",
);
pub(super) const TOO_LONG_LIFETIME: Code = Code::new(
    400,
    "THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE",
    "The expiresIn is larger than the predefined maximum value.",
);
pub(super) const PREFIX_LENGTH: Code = Code::new(
    400,
    "THE_PREFIX_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL",
    "The prefix length is either too large or too small.",
);
pub(super) const NAME_LENGTH: Code = Code::new(
    400,
    "THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL",
    "The name length is either too large or too small.",
);
pub(super) const NAME_REQUIRED: Code =
    Code::new(400, "API_KEY_NAME_IS_REQUIRED", "API Key name is required.");
pub(super) const NOTHING_TO_CHANGE: Code = Code::new(400, "NO_VALUES_TO_UPDATE", "No values to update.");
/// The user has as many keys as the deployment permits.
pub(super) const TOO_MANY: Code = Code::new(
    403,
    "API_KEY_LIMIT_REACHED",
    "The user has as many API keys as are allowed",
);
pub(super) const NOT_FOUND: Code = Code::new(404, "API_KEY_NOT_FOUND", "API Key not found");
/// A service names a user that does not exist.
pub(super) const UNKNOWN_USER: Code = Code::new(404, "USER_NOT_FOUND", "User not found");

const TOO_SHORT: Code = Code::new(403, "INVALID_API_KEY", "Invalid API key.");
const INVALID: Code = Code::new(401, "INVALID_API_KEY", "Invalid API key.");
const DISABLED: Code = Code::new(401, "KEY_DISABLED", "API Key is disabled");
const EXPIRED: Code = Code::new(401, "KEY_EXPIRED", "API Key has expired");
/// wire: Better Auth reports a missing permission as if there were no such key.
const NOT_PERMITTED: Code = Code::new(401, "KEY_NOT_FOUND", "API Key not found");
const RATE_LIMITED: Code = Code::new(401, "RATE_LIMITED", "Rate limit exceeded.");
const EXHAUSTED: Code = Code::new(429, "USAGE_EXCEEDED", "API Key has reached its usage limit");

/// The errors of keys that stand for sessions.
pub(crate) static REFUSALS: Refusals = Refusals {
    keys: &[
        &TOO_SHORT,
        &INVALID,
        &DISABLED,
        &EXPIRED,
        &RATE_LIMITED,
        &EXHAUSTED,
    ],
    ..Refusals::NONE
};

pub(crate) const CODES: &[&Code] = &[
    &UNAUTHORIZED,
    &SERVER_ONLY,
    &METADATA_DISABLED,
    &METADATA_TYPE,
    &NO_REFILL_INTERVAL,
    &NO_REFILL_AMOUNT,
    &FIXED_LIFETIME,
    &TOO_SHORT_LIFETIME,
    &TOO_LONG_LIFETIME,
    &PREFIX_LENGTH,
    &NAME_LENGTH,
    &NAME_REQUIRED,
    &NOTHING_TO_CHANGE,
    &TOO_MANY,
    &NOT_FOUND,
    &UNKNOWN_USER,
    &TOO_SHORT,
    &INVALID,
    &DISABLED,
    &EXPIRED,
    &RATE_LIMITED,
    &EXHAUSTED,
];

impl From<CreateKeyError> for ApiError {
    fn from(error: CreateKeyError) -> Self {
        match error {
            CreateKeyError::SessionEnded => (&UNAUTHORIZED).into(),
            CreateKeyError::UnknownUser => (&UNKNOWN_USER).into(),
            CreateKeyError::MetadataDisabled => (&METADATA_DISABLED).into(),
            CreateKeyError::MetadataNotObject => (&METADATA_TYPE).into(),
            CreateKeyError::NoRefillInterval => (&NO_REFILL_INTERVAL).into(),
            CreateKeyError::NoRefillAmount => (&NO_REFILL_AMOUNT).into(),
            CreateKeyError::Lifetime(rejection) => rejection.into(),
            CreateKeyError::PrefixLength => (&PREFIX_LENGTH).into(),
            CreateKeyError::NameLength => (&NAME_LENGTH).into(),
            CreateKeyError::NoName => (&NAME_REQUIRED).into(),
            CreateKeyError::TooMany => (&TOO_MANY).into(),
            CreateKeyError::Failure(failure) => failure.into(),
        }
    }
}

impl From<UpdateKeyError> for ApiError {
    fn from(error: UpdateKeyError) -> Self {
        match error {
            UpdateKeyError::Unknown => (&NOT_FOUND).into(),
            UpdateKeyError::NameLength => (&NAME_LENGTH).into(),
            UpdateKeyError::Lifetime(rejection) => rejection.into(),
            UpdateKeyError::MetadataNotObject => (&METADATA_TYPE).into(),
            UpdateKeyError::NoRefillInterval => (&NO_REFILL_INTERVAL).into(),
            UpdateKeyError::NoRefillAmount => (&NO_REFILL_AMOUNT).into(),
            UpdateKeyError::NothingToChange => (&NOTHING_TO_CHANGE).into(),
            UpdateKeyError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ExpiryRejection> for ApiError {
    fn from(rejection: ExpiryRejection) -> Self {
        match rejection {
            ExpiryRejection::NotChoosable => (&FIXED_LIFETIME).into(),
            ExpiryRejection::TooShort => (&TOO_SHORT_LIFETIME).into(),
            ExpiryRejection::TooLong => (&TOO_LONG_LIFETIME).into(),
        }
    }
}

impl From<FindKeyError> for ApiError {
    fn from(error: FindKeyError) -> Self {
        match error {
            FindKeyError::Unknown => (&NOT_FOUND).into(),
            FindKeyError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ListKeysError> for ApiError {
    fn from(error: ListKeysError) -> Self {
        match error {
            ListKeysError::UnknownUser => (&UNKNOWN_USER).into(),
            ListKeysError::Failure(failure) => failure.into(),
        }
    }
}

impl From<DeleteKeyError> for ApiError {
    fn from(error: DeleteKeyError) -> Self {
        match error {
            DeleteKeyError::Unknown => (&NOT_FOUND).into(),
            DeleteKeyError::Failure(failure) => failure.into(),
        }
    }
}

impl From<KeySessionError> for ApiError {
    fn from(error: KeySessionError) -> Self {
        match error {
            KeySessionError::TooShort => (&TOO_SHORT).into(),
            KeySessionError::Unknown => unknown(),
            KeySessionError::Refused(refusal) => refusal.into(),
            KeySessionError::Failure(failure) => failure.into(),
        }
    }
}

impl From<KeyRefusal> for ApiError {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::Disabled => (&DISABLED).into(),
            KeyRefusal::Expired => (&EXPIRED).into(),
            KeyRefusal::NotPermitted => (&NOT_PERMITTED).into(),
            KeyRefusal::Exhausted { is_final: _ } => (&EXHAUSTED).into(),
            KeyRefusal::RateLimited { retry_after } => {
                let details = json!({ "tryAgainIn": retry_after.num_milliseconds() });
                Self::from(&RATE_LIMITED).with_extra("details", details)
            }
        }
    }
}

/// Returns the error of a key that does not exist.
pub(super) fn unknown() -> ApiError {
    (&INVALID).into()
}

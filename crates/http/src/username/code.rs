//! The errors of user names.

use portcullis_domain::username::UsernameRejection;

use crate::{code::Code, error::ApiError};

pub(super) const INVALID_CREDENTIALS: Code = Code::new(
    401,
    "INVALID_USERNAME_OR_PASSWORD",
    "Invalid username or password",
);
pub(super) const TOO_SHORT: Code = Code::new(422, "USERNAME_TOO_SHORT", "Username is too short");
pub(super) const TOO_LONG: Code = Code::new(422, "USERNAME_IS_TOO_LONG", "Username is too long");
pub(super) const INVALID: Code = Code::new(422, "USERNAME_IS_INVALID", "Username is invalid");
pub(super) const INPUT_TOO_SHORT: Code = Code::new(400, "USERNAME_TOO_SHORT", "Username is too short");
pub(super) const INPUT_TOO_LONG: Code = Code::new(400, "USERNAME_IS_TOO_LONG", "Username is too long");
pub(super) const INPUT_INVALID: Code = Code::new(400, "USERNAME_IS_INVALID", "Username is invalid");
pub(super) const TAKEN: Code = Code::new(
    400,
    "USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER",
    "Username is already taken. Please try another.",
);

pub(crate) const CODES: &[&Code] = &[
    &INVALID_CREDENTIALS,
    &TOO_SHORT,
    &TOO_LONG,
    &INVALID,
    &INPUT_TOO_SHORT,
    &INPUT_TOO_LONG,
    &INPUT_INVALID,
    &TAKEN,
];

impl From<UsernameRejection> for ApiError {
    fn from(rejection: UsernameRejection) -> Self {
        match rejection {
            UsernameRejection::TooShort => (&TOO_SHORT).into(),
            UsernameRejection::TooLong => (&TOO_LONG).into(),
            UsernameRejection::Invalid => (&INVALID).into(),
        }
    }
}

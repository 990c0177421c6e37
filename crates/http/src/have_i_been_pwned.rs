//! Rejection of new passwords that attackers know.

use crate::{
    code::{self, Code},
    refusal::Refusals,
};

/// wire: the status of Better Auth, although the server is not at fault.
const UNCHECKED: Code = Code::new(
    500,
    "FAILED_TO_CHECK_PASSWORD_PLEASE_TRY_AGAIN_LATER",
    "Failed to check password. Please try again later.",
);

pub(crate) const CODES: &[&Code] = &[&code::PASSWORD_COMPROMISED, &UNCHECKED];

/// The errors with which the feature refuses new passwords.
pub(crate) static REFUSALS: Refusals = Refusals {
    new_passwords: CODES,
    ..Refusals::NONE
};

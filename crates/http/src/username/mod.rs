//! Sign-in by user name, and the availability of user names.

mod availability;
mod code;
mod sign_in;

use portcullis_domain::username::USERNAME;

pub(crate) use self::{availability::ROUTES as AVAILABILITY, code::CODES, sign_in::ROUTES as SIGN_IN};
use crate::refusal::Refusals;

/// The field of users by which they sign in.
pub(crate) const SIGN_IN_FIELDS: &[&str] = &[USERNAME];

/// The errors with which the feature refuses what clients set of users.
pub(crate) static REFUSALS: Refusals = Refusals {
    inputs: &[
        &code::INPUT_TOO_SHORT,
        &code::INPUT_TOO_LONG,
        &code::INPUT_INVALID,
        &code::TAKEN,
    ],
    ..Refusals::NONE
};

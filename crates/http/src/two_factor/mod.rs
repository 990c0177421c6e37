//! Second factors: enrolment, and the second step of sign-ins.

mod code;
mod enrolment;
mod verification;

pub(crate) use self::{code::CODES, enrolment::ROUTES as ENROLMENT, verification::ROUTES as VERIFICATION};

use portcullis_domain::two_factor::TWO_FACTOR_ENABLED;

/// The fields of users that only the enrolment changes.
pub(crate) const OWN_FIELDS: &[&str] = &[TWO_FACTOR_ENABLED];

//! Second factors: enrolment, and the second step of sign-ins.

mod code;
mod enrolment;
mod verification;

pub(crate) use self::{code::CODES, enrolment::ROUTES as ENROLMENT, verification::ROUTES as VERIFICATION};

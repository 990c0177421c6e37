//! The error codes of refusals by features: one line for each name.

use portcullis_application::seams::Refusal;

use crate::{
    code::{self, Code},
    error::ApiError,
};

const CODES: &[(Refusal, &Code)] = &[];

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let known = CODES.iter().find(|(known, _)| *known == refusal);
        known.map_or(&code::FORBIDDEN, |(_, code)| code).into()
    }
}

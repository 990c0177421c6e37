//! The error codes of refusals by features.

use portcullis_application::seams::Refusal;

use crate::{code, error::ApiError, roll_call};

impl From<Refusal> for ApiError {
    /// A refusal names a code of its feature; of several codes with one name, it is the one with the lowest status. A
    /// name that no code has is a fault of the server.
    fn from(refusal: Refusal) -> Self {
        let known = roll_call::codes().into_iter();
        let code = known
            .filter(|code| code.name == refusal.name)
            .min_by_key(|code| code.status);
        match (code, refusal.message) {
            (Some(code), Some(message)) => Self::with_message(code, message),
            (Some(code), None) => code.into(),
            (None, _) => (&code::INTERNAL_SERVER_ERROR).into(),
        }
    }
}

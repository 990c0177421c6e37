//! The error codes of refusals by features: one line for each feature.

use portcullis_application::seams::Refusal;

use crate::{
    code::{self, Code},
    error::ApiError,
};

/// The codes by the names of the refusals.
const CODES: &[&[(&str, &Code)]] = &[];

impl From<Refusal> for ApiError {
    /// A refusal without a code is 403.
    fn from(refusal: Refusal) -> Self {
        let known = CODES.iter().copied().flatten();
        let code = known
            .filter(|(name, _)| *name == refusal.name)
            .map(|(_, code)| *code)
            .next()
            .unwrap_or(&code::FORBIDDEN);
        match refusal.message {
            Some(message) => Self::with_message(code, message),
            None => code.into(),
        }
    }
}

//! The errors of providers that the deployment describes itself.

use portcullis_application::social::StartError;

use crate::{code::Code, error::ApiError, social};

/// `NAME` stands for the id of the provider.
pub(super) const UNKNOWN_PROVIDER: Code = Code::new(
    400,
    "NO_CONFIG_FOUND_FOR_PROVIDER_NAME",
    "No config found for provider NAME",
)
.varying("NAME");
pub(super) const INVALID_CONFIGURATION: Code =
    Code::new(400, "INVALID_OAUTH_CONFIGURATION", "Invalid OAuth configuration");

pub(crate) const CODES: &[&Code] = &[&UNKNOWN_PROVIDER, &INVALID_CONFIGURATION];

/// Returns the error of a provider that is not configured.
pub(super) fn unknown(id: &str) -> ApiError {
    ApiError::of_provider(&UNKNOWN_PROVIDER, id)
}

/// Returns the error of a request that was not started.
pub(super) fn of_start(error: StartError) -> ApiError {
    match error {
        StartError::UnknownProvider => (&social::PROVIDER_NOT_FOUND).into(),
        // wire: Better Auth also sends it if the provider's metadata cannot be read.
        StartError::Provider(_) => (&INVALID_CONFIGURATION).into(),
        StartError::StateTooLarge => (&social::STATE_TOO_LARGE).into(),
        StartError::Failure(failure) => failure.into(),
    }
}

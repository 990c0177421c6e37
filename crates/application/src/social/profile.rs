//! Profiles of users at providers, and log messages about failures of providers.

use std::sync::Arc;

use portcullis_domain::social::Profile;
use serde_json::Value;

use crate::ports::{IdentityProvider, ProviderError, ProviderTokens};

/// Returns the profile of the user, or `None` if the provider reports none that can be used.
pub(super) async fn profile(
    provider: &Arc<dyn IdentityProvider>,
    tokens: &ProviderTokens,
) -> Option<Profile> {
    let info = match provider.user_info(tokens).await {
        Ok(info) => info?,
        Err(error) => {
            report(
                provider.as_ref(),
                &error,
                "could not read the profile of a provider",
            );
            return None;
        }
    };
    let profile = info.profile();
    if profile.is_err() {
        tracing::warn!(
            provider = provider.id(),
            "the profile of a provider has no user id; the user cannot sign in"
        );
    }
    profile.ok()
}

/// Logs why a provider did not do what was requested.
pub(crate) fn report(provider: &dyn IdentityProvider, error: &ProviderError, what: &'static str) {
    let cause = match error {
        ProviderError::Unreachable(failure) => format!("{error}: {}", failure.causes()),
        ProviderError::Rejected(rejection) => format!("{error}: {}", Value::Object(rejection.error.clone())),
        ProviderError::Unusable(_) => error.to_string(),
    };
    tracing::warn!(provider = provider.id(), cause, "{what}");
}

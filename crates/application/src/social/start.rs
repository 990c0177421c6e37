//! Start of requests to providers.

use std::sync::Arc;

use portcullis_domain::social::{AuthorizationState, LinkTarget};
use serde_json::{Map, Value};

use super::{Social, StartError, profile::report, state::LIFETIME};
use crate::{
    client_token::ClientEffects,
    context::RequestContext,
    ports::{AuthorizationRequest, IdentityProvider, RandomExt},
    session::StrictCaller,
};

/// A request to send the user to a provider.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The provider's id.
    pub provider: String,
    /// The URL to which the user returns. `None`: the origin of this server.
    pub callback_url: Option<String>,
    /// The URL to which a new user returns.
    pub new_user_url: Option<String>,
    /// The URL to which the user returns after an error.
    pub error_url: Option<String>,
    /// Scopes in addition to those of the deployment.
    pub scopes: Option<Vec<String>>,
    /// Whether the client explicitly requests sign-up.
    pub request_sign_up: Option<bool>,
    /// The user whom the provider is to suggest.
    pub login_hint: Option<String>,
    /// What the application wants to keep until the user returns.
    pub additional: Map<String, Value>,
}

/// A request to a provider that was started.
#[derive(Debug)]
pub struct Started {
    /// The URL to which the user is to be sent.
    pub url: String,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

impl Social {
    /// Starts a request to a provider. With a caller, the account is linked to the caller's user; without one, its user is
    /// signed in.
    ///
    /// # Errors
    ///
    /// [`StartError::UnknownProvider`], [`StartError::Provider`] if the provider's metadata cannot be read, or
    /// [`StartError::StateTooLarge`].
    pub async fn start(
        &self,
        by: Option<&StrictCaller>,
        command: Start,
        context: &RequestContext,
    ) -> Result<Started, StartError> {
        let provider = self
            .provider(&command.provider)
            .ok_or(StartError::UnknownProvider)?;
        let now = self.clock.now();
        let value = self.random.authorization_state();
        let code_verifier = self.random.code_verifier();
        let redirect_uri = self.redirect_uri(provider.as_ref());
        let request = AuthorizationRequest {
            state: value.expose(),
            code_verifier: &code_verifier,
            redirect_uri: &redirect_uri,
            scopes: command.scopes.as_deref(),
            login_hint: command.login_hint.as_deref(),
            is_link: by.is_some(),
        };
        let url = authorization_url(provider, &request).await?;
        let callback_url = command.callback_url.filter(|url| !url.is_empty());
        let state = AuthorizationState {
            callback_url: callback_url.unwrap_or_else(|| self.options.origin.clone()),
            code_verifier,
            error_url: command.error_url,
            new_user_url: command.new_user_url,
            link: by.map(link_target),
            expires_at: now + LIFETIME,
            request_sign_up: command.request_sign_up,
            provider: Some(command.provider),
            value: None,
            additional: command.additional,
        };
        let effects = self.states.store(&value, state, context, now).await?;
        Ok(Started { url, effects })
    }
}

async fn authorization_url(
    provider: &Arc<dyn IdentityProvider>,
    request: &AuthorizationRequest<'_>,
) -> Result<String, StartError> {
    let url = provider.authorization_url(request).await;
    url.map_err(|error| {
        report(
            provider.as_ref(),
            &error,
            "could not start a sign-in with a provider",
        );
        StartError::Provider(error)
    })
}

fn link_target(by: &StrictCaller) -> LinkTarget {
    LinkTarget {
        user_id: by.user().id.clone(),
        email: by.user().email.clone(),
        session: Some(by.session().id.clone()),
    }
}

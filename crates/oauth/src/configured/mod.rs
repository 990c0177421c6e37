//! A provider with the deployment's options.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_application::ports::{
    AuthorizationRequest, CodeExchange, IdTokens, IdentityProvider, IssuerCheck, ProviderError,
    ProviderPolicy, ProviderTokens,
};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::Value;

use crate::{
    client::Client,
    definition::{Context, Definition, Endpoints},
    id_token::{IdTokenVerifier, Issuers, is_for, is_unexpired},
    options::ProviderOptions,
    profile::{claims, member},
};

/// A provider of the list of [`definitions`](crate::definitions), as the deployment configures it.
pub struct ConfiguredProvider {
    definition: &'static dyn Definition,
    options: ProviderOptions,
    endpoints: Endpoints,
    policy: ProviderPolicy,
    client: Client,
    id_tokens: Arc<IdTokenVerifier>,
}

impl ConfiguredProvider {
    /// Returns the provider. Nothing is sent to it.
    #[must_use]
    pub fn new(
        definition: &'static dyn Definition,
        options: ProviderOptions,
        client: Client,
        id_tokens: Arc<IdTokenVerifier>,
    ) -> Self {
        let endpoints = overridden(definition.endpoints(&options), &options);
        let context = Context {
            options: &options,
            endpoints: &endpoints,
            client: &client,
            id_tokens: &id_tokens,
        };
        let policy = policy(definition, context);
        Self {
            definition,
            options,
            endpoints,
            policy,
            client,
            id_tokens,
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            options: &self.options,
            endpoints: &self.endpoints,
            client: &self.client,
            id_tokens: &self.id_tokens,
        }
    }

    /// Checks an id token that came from the token endpoint (OpenID Connect Core 1.0, 3.1.3.7). TLS proves its issuer, so
    /// that its signature is not verified. A text that is not a JWT, as some providers return, is ignored.
    fn check(&self, tokens: &ProviderTokens) -> Result<(), ProviderError> {
        let Some(Value::Object(claims)) = claims(tokens) else {
            return Ok(());
        };
        if claims.contains_key("aud") && !is_for(&claims, &self.options.client_ids) {
            return Err(ProviderError::Unusable("its id token is for another client"));
        }
        if is_unexpired(&claims, self.client.now()) == Some(false) {
            return Err(ProviderError::Unusable("its id token has expired"));
        }
        let rules = self.definition.id_token_rules(self.context());
        let named = || self.endpoints.issuer.as_deref().map(Issuers::named);
        let issuers = rules.map(|rules| rules.issuers).or_else(named);
        if issuers.is_some_and(|issuers| !issuers.is_of(&claims)) {
            return Err(ProviderError::Unusable("its id token is of another issuer"));
        }
        Ok(())
    }
}

#[async_trait]
impl IdentityProvider for ConfiguredProvider {
    fn id(&self) -> &str {
        self.definition.id()
    }

    fn policy(&self) -> &ProviderPolicy {
        &self.policy
    }

    async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<String, ProviderError> {
        Ok(self.definition.authorization_url(self.context(), request))
    }

    async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<ProviderTokens, ProviderError> {
        let request = self.definition.token_request(self.context(), exchange);
        let tokens = self.client.tokens(&request).await?;
        self.check(&tokens)?;
        Ok(ProviderTokens {
            user: exchange.user.cloned(),
            ..tokens
        })
    }

    async fn user_info(&self, tokens: &ProviderTokens) -> Result<Option<UserInfo>, ProviderError> {
        let info = self.definition.user_info(self.context(), tokens).await?;
        if info
            .as_ref()
            .is_some_and(|info| is_of_another_subject(info, tokens))
        {
            return Err(ProviderError::Unusable(
                "its profile is of another user than its id token",
            ));
        }
        Ok(info.map(|info| mapped(info, &self.options)))
    }

    async fn refresh(&self, refresh_token: &Secret<String>) -> Result<ProviderTokens, ProviderError> {
        let request = self.definition.refresh_request(self.context(), refresh_token);
        let request = request.ok_or(ProviderError::Unusable("the provider cannot refresh tokens"))?;
        self.client.tokens(&request).await
    }

    async fn verify_id_token(
        &self,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        self.definition
            .verify_id_token(self.context(), token, nonce)
            .await
    }
}

/// Whether the profile names another subject than the id token (OpenID Connect Core 1.0, 5.3.2): an access token of
/// another user must not be combined with an id token.
fn is_of_another_subject(info: &UserInfo, tokens: &ProviderTokens) -> bool {
    let subject = |value: Option<Value>| value.and_then(|value| member(&value, "sub"));
    let (issued, described) = (subject(claims(tokens)), subject(Some(info.data.clone())));
    issued
        .zip(described)
        .is_some_and(|(issued, described)| issued != described)
}

/// Returns the endpoints with the deployment's overrides. Another token endpoint also refreshes tokens.
fn overridden(endpoints: Endpoints, options: &ProviderOptions) -> Endpoints {
    let overrides = options.endpoints.clone();
    Endpoints {
        authorization: overrides.authorization.unwrap_or(endpoints.authorization),
        refresh: endpoints.refresh.filter(|_| overrides.token.is_none()),
        token: overrides.token.unwrap_or(endpoints.token),
        user_info: overrides.user_info.unwrap_or(endpoints.user_info),
        jwks: overrides.jwks.or(endpoints.jwks),
        issuer: overrides.issuer.or(endpoints.issuer),
    }
}

fn policy(definition: &dyn Definition, context: Context<'_>) -> ProviderPolicy {
    let options = context.options;
    let refresh = definition.refresh_request(context, &Secret::new(String::new()));
    ProviderPolicy {
        callback_path: format!("/callback/{}", definition.id()),
        redirect_uri: options.redirect_uri.clone(),
        disable_sign_up: options.disable_sign_up,
        disable_implicit_sign_up: options.disable_implicit_sign_up,
        override_user_info: options.override_user_info_on_sign_in,
        can_refresh: refresh.is_some(),
        id_tokens: match definition.id_token_rules(context) {
            None => IdTokens::Unsupported,
            Some(_) if options.disable_id_token_sign_in => IdTokens::Disabled,
            Some(_) => IdTokens::Verified,
        },
        issuer: match &context.endpoints.issuer {
            // The tenant is not known before the user has signed in.
            Some(issuer) if !Issuers::is_template(issuer) => IssuerCheck::IfPresent(issuer.clone()),
            _ => IssuerCheck::Unknown,
        },
    }
}

/// Returns the user, with the members that the deployment maps from the provider's answer.
fn mapped(mut info: UserInfo, options: &ProviderOptions) -> UserInfo {
    for (name, path) in &options.map_profile_to_user {
        if let Some(value) = member(&info.data, path) {
            info.user.insert(name.clone(), value);
        }
    }
    info
}

//! Definition of a provider: its endpoints, its scopes, and its differences from the common flow.

use async_trait::async_trait;
use portcullis_application::ports::{AuthorizationRequest, CodeExchange, ProviderError, ProviderTokens};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::Value;

use crate::{
    client::Client,
    flow::{AuthorizationParameters, TokenRequest},
    id_token::{IdTokenRules, IdTokenVerifier},
    options::ProviderOptions,
    profile::access_token,
};

/// An option that only some providers have: `social_providers.ID.NAME`.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// The name in the configuration: Better Auth's, in `snake_case`.
    pub name: &'static str,
    /// The form of its value.
    pub kind: ExtraKind,
    /// Whether the provider cannot be used without it.
    pub is_required: bool,
    /// What happens when it is set, in one sentence.
    pub doc: &'static str,
}

/// The form of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtraKind {
    /// Any text.
    Text,
    /// One of these.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A list of texts, which is passed on with commas between them.
    List,
}

/// The endpoints of a provider for its options, before the deployment's overrides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// The page to which the user is sent.
    pub authorization: String,
    /// The endpoint that issues tokens.
    pub token: String,
    /// The endpoint that refreshes tokens, if it is another one.
    pub refresh: Option<String>,
    /// The endpoint that describes the user. Empty if the provider has none.
    pub user_info: String,
    /// The document with the provider's public keys. `None`: its id tokens cannot be verified.
    pub jwks: Option<String>,
    /// The issuer of id tokens. `None`: it is not known.
    pub issuer: Option<String>,
}

/// The values that a provider's methods use.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The deployment's options.
    pub options: &'a ProviderOptions,
    /// The endpoints, with the deployment's overrides.
    pub endpoints: &'a Endpoints,
    /// The guarded client.
    pub client: &'a Client,
    /// Verifies id tokens with the provider's keys.
    pub id_tokens: &'a IdTokenVerifier,
}

impl Context<'_> {
    /// Returns the answer of the endpoint that describes the user, requested with the access token.
    ///
    /// # Errors
    ///
    /// If there is no access token, or as [`Client::get_json`].
    pub(crate) async fn profile(self, tokens: &ProviderTokens) -> Result<Value, ProviderError> {
        let bearer = format!("Bearer {}", access_token(tokens)?);
        let headers = [("authorization", bearer.as_str())];
        self.client.get_json(&self.endpoints.user_info, &headers).await
    }
}

/// How a client authenticates itself at the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authentication {
    /// With members of the body.
    #[default]
    Post,
    /// With the header `Authorization: Basic`.
    Basic,
}

/// A provider. Each is one file in `provider/`; the default methods are the flow that most providers share.
#[async_trait]
pub trait Definition: Send + Sync {
    /// Returns the id, for example `github`.
    fn id(&self) -> &'static str;

    /// Returns the name that users know.
    fn name(&self) -> &'static str;

    /// Returns the endpoints for these options.
    fn endpoints(&self, options: &ProviderOptions) -> Endpoints;

    /// Returns the options that only this provider has.
    fn extras(&self) -> &'static [Extra] {
        &[]
    }

    /// Returns the parameters of the authorization request.
    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters;

    /// Returns the URL to which the user is sent. Only for providers whose URL is not a list of form-encoded parameters in
    /// the common order.
    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        self.authorization(context, request).url()
    }

    /// Returns the request that exchanges a code.
    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange)
    }

    /// Returns the request that refreshes tokens. `None`: the provider cannot refresh.
    fn refresh_request(&self, context: Context<'_>, refresh_token: &Secret<String>) -> Option<TokenRequest> {
        Some(TokenRequest::refresh(context, refresh_token))
    }

    /// Returns the user to whom the provider issued the tokens. `None`: the provider reports nothing that can be used.
    async fn user_info(
        &self,
        context: Context<'_>,
        tokens: &ProviderTokens,
    ) -> Result<Option<UserInfo>, ProviderError> {
        Ok(self.user(context.profile(tokens).await?))
    }

    /// Returns the user in the answer of the endpoint that describes users. A provider that needs only this answer implements
    /// this method, every other one [`Self::user_info`].
    fn user(&self, _profile: Value) -> Option<UserInfo> {
        None
    }

    /// Returns how id tokens that clients got themselves are verified. `None`: the provider has no such tokens.
    fn id_token_rules(&self, _context: Context<'_>) -> Option<IdTokenRules> {
        None
    }

    /// Returns whether the provider issued this id token for this deployment, and it is valid now. Only for providers that
    /// verify their tokens themselves; they also return [`Self::id_token_rules`].
    async fn verify_id_token(
        &self,
        context: Context<'_>,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        match self.id_token_rules(context) {
            Some(rules) => context.id_tokens.verify(&rules, token, nonce).await,
            None => Ok(false),
        }
    }
}

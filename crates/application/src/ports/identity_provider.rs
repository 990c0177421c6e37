//! Providers that authenticate users: OAuth 2.0 and OpenID Connect.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Map, Value};

use super::Failure;

/// A provider, as the deployment configures it.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// Returns the id, for example `github`. It is stored as `providerId` of accounts.
    fn id(&self) -> &str;

    /// Returns what the deployment configures about sign-ins.
    fn policy(&self) -> &ProviderPolicy;

    /// Returns how the `iss` parameter of an answer is checked: as [`ProviderPolicy::issuer`] states, unless the
    /// provider's metadata must be read first.
    ///
    /// # Errors
    ///
    /// If the provider's metadata is needed and cannot be read.
    async fn issuer_check(&self) -> Result<IssuerCheck, ProviderError> {
        Ok(self.policy().issuer.clone())
    }

    /// Returns the URL to which the user is sent.
    ///
    /// # Errors
    ///
    /// If the provider's metadata is needed and cannot be read.
    async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<String, ProviderError>;

    /// Exchanges a code for tokens.
    ///
    /// # Errors
    ///
    /// If the provider rejects the code or cannot be reached.
    async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<ProviderTokens, ProviderError>;

    /// Returns the user to whom the provider issued the tokens. `None`: the provider reports nothing that can be used.
    ///
    /// # Errors
    ///
    /// If the provider rejects the tokens or cannot be reached.
    async fn user_info(&self, tokens: &ProviderTokens) -> Result<Option<UserInfo>, ProviderError>;

    /// Gets new tokens with a refresh token. Not called if [`ProviderPolicy::can_refresh`] is `false`.
    ///
    /// # Errors
    ///
    /// If the provider rejects the refresh token or cannot be reached.
    async fn refresh(&self, refresh_token: &Secret<String>) -> Result<ProviderTokens, ProviderError>;

    /// Returns whether the provider issued this id token for this deployment, and it is valid now. Not called unless
    /// [`ProviderPolicy::id_tokens`] is [`IdTokens::Verified`].
    ///
    /// # Errors
    ///
    /// If the provider's keys cannot be read.
    async fn verify_id_token(
        &self,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError>;
}

/// What the deployment configures about sign-ins with a provider, and what the provider can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
pub struct ProviderPolicy {
    /// The path below the base path to which the provider sends the user back.
    pub callback_path: String,
    /// The whole redirect URI, if the deployment sets it.
    pub redirect_uri: Option<String>,
    /// No sign-in creates a user.
    pub disable_sign_up: bool,
    /// A sign-in creates a user only if the client requests sign-up.
    pub disable_implicit_sign_up: bool,
    /// Each sign-in by redirect sets the user's name, picture, address and mapped fields.
    pub override_user_info: bool,
    /// Whether tokens can be refreshed.
    pub can_refresh: bool,
    /// Whether clients may sign in with an id token that they got themselves.
    pub id_tokens: IdTokens,
    /// How the `iss` parameter of the provider's answer is checked.
    pub issuer: IssuerCheck,
}

/// Whether clients may sign in with an id token that they got themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokens {
    /// The provider has no id tokens that can be verified.
    Unsupported,
    /// The deployment disables it.
    Disabled,
    /// The token's signature and claims are verified.
    Verified,
}

/// How the `iss` parameter of the provider's answer is checked (RFC 9207).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerCheck {
    /// The issuer is not known.
    Unknown,
    /// The parameter must be this issuer if the answer has it.
    IfPresent(String),
    /// The answer must have the parameter, and it must be this issuer.
    Required(String),
}

/// A request to send a user to a provider.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest<'a> {
    /// The `state` parameter.
    pub state: &'a str,
    /// The code verifier (RFC 7636). Only its hash is sent.
    pub code_verifier: &'a Secret<String>,
    /// The URL to which the provider sends the user back.
    pub redirect_uri: &'a str,
    /// The scopes that the client requests. `None`: the client requests none, which differs from an empty list.
    pub scopes: Option<&'a [String]>,
    /// The user whom the provider is to suggest.
    pub login_hint: Option<&'a str>,
    /// Whether an account is to be linked to a signed-in user.
    pub is_link: bool,
}

/// A code that is to be exchanged for tokens.
#[derive(Clone, Debug)]
pub struct CodeExchange<'a> {
    /// The code.
    pub code: &'a Secret<String>,
    /// The code verifier of the request.
    pub code_verifier: &'a Secret<String>,
    /// The redirect URI of the request.
    pub redirect_uri: &'a str,
    /// The `device_id` parameter of the provider's answer.
    pub device_id: Option<&'a str>,
    /// The `user` parameter of the provider's answer, which contains the user's name at the first sign-in with Apple.
    /// [`IdentityProvider::exchange`] returns it in [`ProviderTokens::user`].
    pub user: Option<&'a Value>,
}

/// The tokens that a provider issued.
#[derive(Clone, Debug, Default)]
pub struct ProviderTokens {
    /// Grants access to the provider's API.
    pub access_token: Option<Secret<String>>,
    /// Gets new access tokens.
    pub refresh_token: Option<Secret<String>>,
    /// The provider's statement about the user.
    pub id_token: Option<Secret<String>>,
    /// When the access token expires.
    pub access_token_expires_at: Option<DateTime<Utc>>,
    /// When the refresh token expires.
    pub refresh_token_expires_at: Option<DateTime<Utc>>,
    /// The granted scopes. `None`: the provider's answer cannot contain any.
    pub scopes: Option<Vec<String>>,
    /// What the provider's answer reports about the user in addition to the tokens.
    pub user: Option<Value>,
    /// The whole answer of the token endpoint, for members that only this provider has. Contains secrets.
    pub raw: RawTokens,
}

/// The whole answer of a token endpoint. Never shown in debug output.
#[derive(Clone, Default)]
pub struct RawTokens(pub Map<String, Value>);

impl std::fmt::Debug for RawTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawTokens(…)")
    }
}

/// Why a provider did not do what was requested.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider rejects the request.
    #[error("the provider answered with the status {}", .0.status)]
    Rejected(Rejection),
    /// The provider's answer cannot be used.
    #[error("the answer of the provider cannot be used: {0}")]
    Unusable(&'static str),
    /// The provider cannot be reached, does not answer in time, or has an address that is not allowed.
    #[error("the provider cannot be reached")]
    Unreachable(#[source] Failure),
}

/// An error response of a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// The words that belong to the status.
    pub reason: String,
    /// The members `error`, `error_description` and `error_uri` (RFC 6749, 5.2) of the response, which contain no secret.
    pub error: Map<String, Value>,
}

/// The providers of a deployment, in the order of their configuration; cheap to clone.
#[derive(Clone, Default)]
pub struct IdentityProviders(Arc<[Arc<dyn IdentityProvider>]>);

impl IdentityProviders {
    /// Returns these providers.
    #[must_use]
    pub fn new(providers: Vec<Arc<dyn IdentityProvider>>) -> Self {
        Self(providers.into())
    }

    /// Returns the provider with this id, or `None` if the deployment has none.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Arc<dyn IdentityProvider>> {
        self.0.iter().find(|provider| provider.id() == id)
    }

    /// Returns all of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn IdentityProvider>> {
        self.0.iter()
    }
}

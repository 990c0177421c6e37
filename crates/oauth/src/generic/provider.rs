//! A generic provider as the port.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use portcullis_application::ports::{
    AuthorizationRequest, CodeExchange, IdentityProvider, IssuerCheck, ProviderError, ProviderPolicy,
    ProviderTokens,
};
use portcullis_domain::{secret::Secret, social::UserInfo};
use url::Url;

use super::{
    discovery::Discovery,
    id_token,
    options::{GenericOptions, GenericOptionsError},
    settings::Settings,
    tokens, user,
};
use crate::{
    client::Client,
    definition::{Context, Endpoints},
    flow::AuthorizationParameters,
    id_token::IdTokenVerifier,
};

/// A provider that the deployment describes itself.
pub struct GenericProvider {
    settings: Settings,
    discovery: Option<Arc<Discovery>>,
    policy: ProviderPolicy,
    /// The policy with the issuer of the discovery document, as soon as it is known.
    discovered: OnceLock<ProviderPolicy>,
    client: Client,
    id_tokens: Arc<IdTokenVerifier>,
}

impl GenericProvider {
    /// Returns the provider with these options.
    ///
    /// # Errors
    ///
    /// If it cannot work with them.
    pub fn new(
        options: GenericOptions,
        client: Client,
        id_tokens: Arc<IdTokenVerifier>,
    ) -> Result<Self, GenericOptionsError> {
        let settings = Settings::new(options)?;
        let options = &settings.options;
        let headers = options.discovery_headers.clone();
        let url = options.discovery_url.clone();
        Ok(Self {
            discovery: url.map(|url| Arc::new(Discovery::new(url, headers, options.issuer.clone()))),
            policy: settings.policy(options.issuer.as_deref()),
            discovered: OnceLock::new(),
            settings,
            client,
            id_tokens,
        })
    }

    /// Returns the endpoints: those of the discovery document, and otherwise those of the options.
    async fn endpoints(&self) -> Result<Endpoints, ProviderError> {
        let configured = self.settings.endpoints.clone();
        let Some(discovery) = &self.discovery else {
            return Ok(configured);
        };
        let document = discovery.document(&self.client).await?;
        let issuer = Some(document.issuer.clone());
        self.discovered
            .get_or_init(|| self.settings.policy(issuer.as_deref()));
        Ok(Endpoints {
            authorization: document.authorization.clone().unwrap_or(configured.authorization),
            token: document.token.clone().unwrap_or(configured.token),
            refresh: None,
            user_info: document.user_info.clone().unwrap_or(configured.user_info),
            jwks: document.jwks.clone(),
            issuer,
        })
    }

    fn context<'a>(&'a self, endpoints: &'a Endpoints) -> Context<'a> {
        Context {
            options: &self.settings.common,
            endpoints,
            client: &self.client,
            id_tokens: &self.id_tokens,
        }
    }

    /// Returns the scopes: at a sign-in those of the client and those of the options, at a link those of the client or
    /// those of the options.
    fn scopes(&self, request: &AuthorizationRequest<'_>) -> Vec<String> {
        let own = self.settings.options.scopes.as_deref().unwrap_or_default();
        match request.scopes {
            None => own.to_vec(),
            Some(requested) if request.is_link => requested.to_vec(),
            Some(requested) => [requested, own].concat(),
        }
    }

    fn parameters(
        &self,
        endpoints: &Endpoints,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let options = &self.settings.options;
        let scopes = Some(self.scopes(request));
        let mut parameters = AuthorizationParameters::new(self.context(endpoints), request, scopes);
        parameters.prompt.clone_from(&options.prompt);
        parameters.access_type.clone_from(&options.access_type);
        if options.pkce {
            parameters = parameters.with_pkce(request);
        }
        if request.is_link {
            if let Some(configured) = &options.authorization_url {
                parameters.endpoint.clone_from(configured);
            }
        } else {
            parameters.endpoint = with_further(&parameters.endpoint, &options.authorization_url_params);
            parameters.response_mode.clone_from(&options.response_mode);
            let response_type = options.response_type.clone();
            parameters
                .extra
                .extend(response_type.map(|value| ("response_type".to_owned(), value)));
        }
        parameters
            .extra
            .extend(options.authorization_url_params.iter().cloned());
        parameters
    }
}

/// Returns the endpoint with these parameters. At a sign-in Better Auth puts them before its own; if both have a
/// parameter, [`AuthorizationParameters::extra`] decides its value.
fn with_further(endpoint: &str, parameters: &[(String, String)]) -> String {
    match Url::parse(endpoint) {
        Ok(mut url) if !parameters.is_empty() => {
            let existing: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
            let further = parameters.iter().filter(|(name, _)| !existing.contains(name));
            url.query_pairs_mut().extend_pairs(further);
            url.into()
        }
        _ => endpoint.to_owned(),
    }
}

#[async_trait]
impl IdentityProvider for GenericProvider {
    fn id(&self) -> &str {
        &self.settings.options.id
    }

    fn policy(&self) -> &ProviderPolicy {
        self.discovered.get().unwrap_or(&self.policy)
    }

    async fn issuer_check(&self) -> Result<IssuerCheck, ProviderError> {
        self.endpoints().await?;
        Ok(self.policy().issuer.clone())
    }

    async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<String, ProviderError> {
        let endpoints = self.endpoints().await?;
        if endpoints.authorization.is_empty() || endpoints.token.is_empty() {
            return Err(ProviderError::Unusable(
                "its discovery document lacks an endpoint",
            ));
        }
        Ok(self.parameters(&endpoints, request).url())
    }

    async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<ProviderTokens, ProviderError> {
        let endpoints = self.endpoints().await?;
        let context = self.context(&endpoints);
        let tokens = tokens::exchange(context, &self.settings, exchange).await?;
        id_token::check(context, &tokens).await?;
        Ok(ProviderTokens {
            user: exchange.user.cloned(),
            ..tokens
        })
    }

    async fn user_info(&self, tokens: &ProviderTokens) -> Result<Option<UserInfo>, ProviderError> {
        let endpoints = self.endpoints().await?;
        user::user_info(&self.settings, &endpoints.user_info, &self.client, tokens).await
    }

    async fn refresh(&self, refresh_token: &Secret<String>) -> Result<ProviderTokens, ProviderError> {
        let endpoints = self.endpoints().await?;
        let context = self.context(&endpoints);
        let tokens = tokens::refresh(context, &self.settings, refresh_token).await?;
        id_token::check(context, &tokens).await?;
        Ok(tokens)
    }

    async fn verify_id_token(
        &self,
        _token: &Secret<String>,
        _nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        Ok(false)
    }
}

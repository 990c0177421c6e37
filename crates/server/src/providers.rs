//! The providers with which users sign in, as the deployment configures them.

use std::sync::Arc;

use portcullis_application::{
    dev_oidc::{DevOidc, DevOidcOptions},
    ports::{Failure, IdentityProvider, IdentityProviders, Ports},
    social::{SocialOptions, TokenOptions},
};
use portcullis_domain::origin::TrustedOrigins;
use portcullis_oauth::{
    Client, ConfiguredProvider, Definition, GenericProvider, IdTokenVerifier, ProviderOptions,
    code_challenge, definitions,
};

use crate::config::{Config, StateStorage};

/// Id of the provider of Google One Tap.
const GOOGLE: &str = "google";

/// The providers of a deployment.
pub(crate) struct Providers {
    /// The providers with which users sign in.
    pub(crate) all: IdentityProviders,
    /// Google, for the client ids of One Tap. `None`: One Tap is disabled.
    pub(crate) one_tap: Option<Arc<dyn IdentityProvider>>,
    /// The provider of development mode. `None`: it is disabled.
    pub(crate) development: Option<DevOidc>,
}

impl Providers {
    /// Creates the providers. Nothing is sent to them yet.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up, or the options of a provider contradict each other.
    pub(crate) fn new(ports: &Ports, config: &Config) -> Result<Self, Failure> {
        let http = portcullis_outbound::Client::new(config.social.client.clone())?;
        let client = Client::new(http, Arc::clone(&ports.clock));
        let verifier = IdTokenVerifier::new(
            client.clone(),
            Arc::clone(&ports.token_verifier),
            Arc::clone(&ports.clock),
        );
        let id_tokens = Arc::new(verifier);
        let configured = |definition: &'static dyn Definition, options: ProviderOptions| {
            let id_tokens = Arc::clone(&id_tokens);
            Arc::new(ConfiguredProvider::new(
                definition,
                options,
                client.clone(),
                id_tokens,
            )) as Arc<dyn IdentityProvider>
        };
        let social = config.social.providers.iter();
        let mut all: Vec<_> = social
            .map(|provider| configured(provider.definition, provider.options.clone()))
            .collect();
        for options in &config.generic_oauth {
            let id_tokens = Arc::clone(&id_tokens);
            let provider = GenericProvider::new(options.clone(), client.clone(), id_tokens);
            all.push(Arc::new(provider.map_err(Failure::new)?));
        }
        let development = development(ports, config);
        all.extend(development.as_ref().map(DevOidc::identity_provider));
        let google = definitions().iter().find(|definition| definition.id() == GOOGLE);
        let one_tap = google.zip(one_tap_options(config));
        Ok(Self {
            all: IdentityProviders::new(all),
            one_tap: one_tap.map(|(google, options)| configured(*google, options)),
            development,
        })
    }
}

fn development(ports: &Ports, config: &Config) -> Option<DevOidc> {
    let options = DevOidcOptions {
        origin: config.http.origin(),
        base_url: config.http.routes_url(),
        code_challenge,
    };
    let is_enabled = config.social.has_development_provider;
    is_enabled.then(|| DevOidc::new(ports, options))
}

/// Returns the options of Google for One Tap: those of the provider, with the client ids of One Tap.
fn one_tap_options(config: &Config) -> Option<ProviderOptions> {
    let one_tap = config.one_tap.as_ref()?;
    let mut providers = config.social.providers.iter();
    let google = providers.find(|provider| provider.definition.id() == GOOGLE);
    let options = google.map(|google| google.options.clone()).unwrap_or_default();
    Some(ProviderOptions {
        client_ids: one_tap.client_ids.clone(),
        disable_sign_up: one_tap.disable_sign_up,
        disable_id_token_sign_in: false,
        ..options
    })
}

/// Returns the options of sign-in with providers.
pub(crate) fn social_options(config: &Config) -> SocialOptions {
    let accounts = &config.social.accounts;
    SocialOptions {
        origin: config.http.origin(),
        base_url: config.http.routes_url(),
        linking: accounts.linking.clone(),
        stores_states_in_cookies: accounts.state_storage == StateStorage::Cookie,
        accepts_foreign_states: config.database.options.shared_database,
        applications: applications(config),
        tokens: token_options(config),
        fields: config.http.user_fields.clone(),
        sends_verification_link: accounts.sends_verification_link,
        messages: config.messages.clone(),
        link_expires_in: config.sign_up.link_expires_in,
    }
}

/// Returns the applications that start sign-ins in a browser, if the deployment supports them.
fn applications(config: &Config) -> TrustedOrigins {
    let trusted = config.expo.map(|_enabled| config.http.trusted_origins.clone());
    trusted.unwrap_or_default()
}

/// Returns how the tokens of providers are stored.
pub(crate) fn token_options(config: &Config) -> TokenOptions {
    let accounts = &config.social.accounts;
    TokenOptions {
        is_encrypted: accounts.encrypts_tokens,
        updates_on_sign_in: accounts.updates_on_sign_in,
        cookie_lifetime: accounts.cookie_lifetime,
    }
}

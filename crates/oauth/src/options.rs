//! Options of providers.

use std::collections::BTreeMap;

use portcullis_domain::secret::Secret;

/// Options of a provider.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
pub struct ProviderOptions {
    /// The client ids. Requests are sent with the first one; id tokens may be issued for any of them.
    pub client_ids: Vec<String>,
    /// The client secret.
    pub client_secret: Option<Secret<String>>,
    /// Scopes to request in addition to the provider's defaults.
    pub scopes: Vec<String>,
    /// Do not request the provider's default scopes.
    pub disable_default_scope: bool,
    /// The redirect URI, if it is not the callback of this server.
    pub redirect_uri: Option<String>,
    /// The parameter `prompt` of authorization requests.
    pub prompt: Option<String>,
    /// The parameter `access_type` of authorization requests.
    pub access_type: Option<String>,
    /// Do not accept id tokens that clients got themselves.
    pub disable_id_token_sign_in: bool,
    /// No sign-in creates a user.
    pub disable_sign_up: bool,
    /// A sign-in creates a user only if the client requests sign-up.
    pub disable_implicit_sign_up: bool,
    /// Each sign-in by redirect sets the user's name, picture, address and mapped fields.
    pub override_user_info_on_sign_in: bool,
    /// Endpoints that replace those of the provider.
    pub endpoints: EndpointOverrides,
    /// Members of the user, and the path of each in the provider's profile, with dots.
    pub map_profile_to_user: BTreeMap<String, String>,
    /// Options that only some providers have, by the names that [`Definition::extras`](crate::Definition::extras) lists.
    /// Lists are separated by commas.
    pub extra: BTreeMap<String, String>,
}

/// Endpoints that replace those of the provider; `None` leaves one unchanged.
#[derive(Clone, Debug, Default)]
pub struct EndpointOverrides {
    /// The page to which the user is sent.
    pub authorization: Option<String>,
    /// The endpoint that issues tokens.
    pub token: Option<String>,
    /// The endpoint that describes the user.
    pub user_info: Option<String>,
    /// The document with the provider's public keys (RFC 7517).
    pub jwks: Option<String>,
    /// The issuer of id tokens.
    pub issuer: Option<String>,
}

impl ProviderOptions {
    /// Returns the client id of requests. Empty if none is configured.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.client_ids.first().map_or("", String::as_str)
    }

    /// Returns an option that only some providers have.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.get(name).map(String::as_str)
    }

    /// Whether an option that only some providers have is `true`. `fallback` is its default.
    #[must_use]
    pub fn flag(&self, name: &str, fallback: bool) -> bool {
        self.extra(name).map_or(fallback, |value| value == "true")
    }

    /// Returns the scopes to request: the provider's defaults, those of the options, and those of the client, as most
    /// providers of Better Auth order them.
    #[must_use]
    pub fn scopes(&self, defaults: &[&str], requested: Option<&[String]>) -> Vec<String> {
        let defaults = defaults.iter().filter(|_| !self.disable_default_scope);
        let defaults = defaults.map(|scope| (*scope).to_owned());
        defaults
            .chain(self.scopes.iter().cloned())
            .chain(requested.unwrap_or_default().iter().cloned())
            .collect()
    }
}

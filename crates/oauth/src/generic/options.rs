//! Options of generic providers.

use std::collections::BTreeMap;

use portcullis_domain::secret::Secret;

use super::preset::Preset;
use crate::definition::Authentication;

/// Options of a generic provider.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
pub struct GenericOptions {
    /// The id of the provider, which is stored as `providerId` of accounts.
    pub id: String,
    /// A known provider, whose endpoints, scopes and profile are used unless other options replace them.
    pub preset: Option<Preset>,
    /// The domain of the deployment's tenant, for [`Preset::Auth0`].
    pub domain: Option<String>,
    /// The id of the deployment's tenant, for [`Preset::MicrosoftEntraId`].
    pub tenant_id: Option<String>,
    /// The URL of the discovery document (OpenID Connect Discovery 1.0).
    pub discovery_url: Option<String>,
    /// The issuer. `None`: that of the discovery document, whose URL must then be below it if it is a well-known one.
    pub issuer: Option<String>,
    /// Reject answers of the provider that do not contain the parameter `iss` (RFC 9207).
    pub require_issuer_validation: bool,
    /// The page to which the user is sent.
    pub authorization_url: Option<String>,
    /// The endpoint that issues tokens.
    pub token_url: Option<String>,
    /// The endpoint that describes the user.
    pub user_info_url: Option<String>,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Option<Secret<String>>,
    /// The scopes to request. `None`: those of the preset, or none.
    pub scopes: Option<Vec<String>>,
    /// The redirect URI, if it is not the callback of this server.
    pub redirect_uri: Option<String>,
    /// The parameter `response_type` of sign-ins. `None`: `code`.
    pub response_type: Option<String>,
    /// The parameter `response_mode` of sign-ins.
    pub response_mode: Option<String>,
    /// The parameter `prompt` of authorization requests.
    pub prompt: Option<String>,
    /// Use PKCE (RFC 7636) with S256.
    pub pkce: bool,
    /// The parameter `access_type` of authorization requests.
    pub access_type: Option<String>,
    /// Further parameters of authorization requests. They replace parameters of the same name.
    pub authorization_url_params: Vec<(String, String)>,
    /// Further members of requests that exchange a code. They never replace members.
    pub token_url_params: Vec<(String, Secret<String>)>,
    /// A sign-in creates a user only if the client requests sign-up.
    pub disable_implicit_sign_up: bool,
    /// No sign-in creates a user.
    pub disable_sign_up: bool,
    /// How this server authenticates itself at the token endpoint. `None`: as the preset needs it, or with the body.
    pub authentication: Option<Authentication>,
    /// Headers of requests for the discovery document.
    pub discovery_headers: Vec<(String, Secret<String>)>,
    /// Headers of requests that exchange a code.
    pub authorization_headers: Vec<(String, Secret<String>)>,
    /// Each sign-in by redirect sets the user's name, picture, address and mapped fields.
    pub override_user_info: bool,
    /// Members of the user, and the path of each in the profile, with dots.
    pub map_profile_to_user: BTreeMap<String, String>,
}

/// Options of a generic provider with which it cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenericOptionsError {
    /// The preset needs an option that is not set.
    #[error("the preset `{preset}` needs `{option}`")]
    Missing {
        /// The preset.
        preset: &'static str,
        /// The option.
        option: &'static str,
    },
    /// There is neither a discovery document nor both endpoints.
    #[error("set `discovery_url`, or both `authorization_url` and `token_url`")]
    NoEndpoints,
    /// An option is not an absolute URL with `https` or `http`.
    #[error("`{0}` is not an absolute URL with `https` or `http`")]
    NotAUrl(&'static str),
    /// The issuer is to be checked, but is not known.
    #[error(
        "`require_issuer_validation` needs `issuer`, or a `discovery_url` with `/.well-known/openid-configuration`"
    )]
    NoIssuer,
}

impl GenericOptions {
    /// Returns the options of a provider with PKCE and nothing else.
    #[must_use]
    pub fn new(id: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            preset: None,
            domain: None,
            tenant_id: None,
            discovery_url: None,
            issuer: None,
            require_issuer_validation: false,
            authorization_url: None,
            token_url: None,
            user_info_url: None,
            client_id: client_id.into(),
            client_secret: None,
            scopes: None,
            redirect_uri: None,
            response_type: None,
            response_mode: None,
            prompt: None,
            pkce: true,
            access_type: None,
            authorization_url_params: Vec::new(),
            token_url_params: Vec::new(),
            disable_implicit_sign_up: false,
            disable_sign_up: false,
            authentication: None,
            discovery_headers: Vec::new(),
            authorization_headers: Vec::new(),
            override_user_info: false,
            map_profile_to_user: BTreeMap::new(),
        }
    }
}

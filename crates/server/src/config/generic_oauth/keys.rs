//! The keys of providers that the deployment describes itself.

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value};

use crate::config::{
    declare::{boolean, choice, choice_without, list, secret, table, text},
    key::{Declaration, Key},
};

const FALSE: &str = "`false`";
const OF_DISCOVERY: &str = "that of the discovery document or of the preset";
const NONE: &str = "none";

/// The presets, by the names that [`Preset`](portcullis_oauth::Preset) has for them.
pub(super) const PRESETS: &[&str] = &[
    "auth0",
    "gumroad",
    "hubspot",
    "keycloak",
    "line",
    "microsoft-entra-id",
    "okta",
    "patreon",
    "slack",
];

pub(super) const ENABLED: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.enabled",
    "Let users sign in with the providers in `plugins.generic_oauth.providers`: any server of OAuth 2.0 or OpenID Connect.",
)
.otherwise("`true` if there is a section `[plugins.generic_oauth]`, even an empty one");
pub(super) const PRESET: Key<Option<String>> = choice(
    "plugins.generic_oauth.providers.NAME.preset",
    PRESETS,
    "Known provider that `NAME` is: its endpoints, scopes and profile are used unless other keys replace them.",
)
.otherwise(NONE);
pub(super) const DOMAIN: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.domain",
    "Domain of the tenant at Auth0, such as `example.eu.auth0.com`.",
)
.otherwise("required for the preset `auth0`");
pub(super) const TENANT_ID: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.tenant_id",
    "Id of the tenant at Microsoft Entra ID; `common` lets users of every tenant sign in.",
)
.otherwise("required for the preset `microsoft-entra-id`");
pub(super) const CLIENT_ID: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.client_id",
    "Let users sign in with the provider `NAME`, which issued this client id. `NAME` is stored as the provider of accounts, and consists of letters, digits, `-` and `_`. In variables, `_` also stands for the `-` of a name in the file.",
)
.otherwise("required for each provider");
pub(super) const CLIENT_SECRET: Key<Option<Secret<String>>> = secret(
    "plugins.generic_oauth.providers.NAME.client_secret",
    "Client secret that the provider issued. Set it to `\"\"` in the file if the client has no secret.",
)
.otherwise("required for each provider");
pub(super) const DISCOVERY_URL: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.discovery_url",
    "Discovery document of the provider (OpenID Connect Discovery 1.0), which names its issuer and its endpoints.",
)
.otherwise("that of the preset");
pub(super) const ISSUER: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.issuer",
    "Issuer: an answer with another `iss` is rejected (RFC 9207). For the presets `keycloak` and `okta`, the URL from which their endpoints follow.",
)
.otherwise("that of the discovery document; required for the presets `keycloak` and `okta`");
pub(super) const REQUIRE_ISSUER_VALIDATION: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.providers.NAME.require_issuer_validation",
    "Reject answers without the parameter `iss` (RFC 9207).",
)
.otherwise(FALSE);
pub(super) const AUTHORIZATION_URL: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.authorization_url",
    "Page to which users are sent.",
)
.otherwise(OF_DISCOVERY);
pub(super) const TOKEN_URL: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.token_url",
    "Endpoint that issues tokens.",
)
.otherwise(OF_DISCOVERY);
pub(super) const USER_INFO_URL: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.user_info_url",
    "Endpoint that describes the user.",
)
.otherwise(OF_DISCOVERY);
pub(super) const SCOPES: Key<Option<Vec<String>>> = list(
    "plugins.generic_oauth.providers.NAME.scopes",
    "Scopes to request, such as `openid`, `email` and `profile`.",
)
.otherwise("those of the preset, or none");
pub(super) const REDIRECT_URI: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.redirect_uri",
    "Let the provider send users back to this URL instead of the callback of this server. It must lead to that callback.",
)
.otherwise("the base URL, `/oauth2/callback/` and the name of the provider");
pub(super) const RESPONSE_TYPE: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.response_type",
    "Parameter `response_type` of requests. The answer must contain a code.",
)
.otherwise("`code`");
pub(super) const RESPONSE_MODE: Key<Option<String>> = choice_without(
    "plugins.generic_oauth.providers.NAME.response_mode",
    &["query"],
    &["form_post"],
    "Parameter `response_mode` of requests.",
)
.otherwise("no parameter");
pub(super) const PROMPT: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.prompt",
    "Parameter `prompt` of requests: what the provider asks of users, such as `login` or `select_account`.",
)
.otherwise("no parameter");
pub(super) const PKCE: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.providers.NAME.pkce",
    "Protect codes with PKCE (RFC 7636). Set it to `false` only if the provider rejects such requests.",
)
.otherwise("`true`");
pub(super) const ACCESS_TYPE: Key<Option<String>> = text(
    "plugins.generic_oauth.providers.NAME.access_type",
    "Parameter `access_type` of requests.",
)
.otherwise("no parameter");
pub(super) const AUTHORIZATION_URL_PARAMS: Key<Option<Map<String, Value>>> = table(
    "plugins.generic_oauth.providers.NAME.authorization_url_params",
    "parameters by name",
    "Further parameters of requests. They replace parameters of the same name.",
)
.otherwise(NONE);
pub(super) const TOKEN_URL_PARAMS: Key<Option<Map<String, Value>>> = table(
    "plugins.generic_oauth.providers.NAME.token_url_params",
    "parameters by name",
    "Further parameters of requests that exchange a code for tokens.",
)
.otherwise(NONE);
pub(super) const AUTHENTICATION: Key<Option<String>> = choice(
    "plugins.generic_oauth.providers.NAME.authentication",
    &["post", "basic"],
    "How this server authenticates itself at the token endpoint: with parameters, or with the header `Authorization`.",
)
.otherwise("`post`");
pub(super) const DISCOVERY_HEADERS: Key<Option<Map<String, Value>>> = table(
    "plugins.generic_oauth.providers.NAME.discovery_headers",
    "headers by name",
    "Headers of requests for the discovery document.",
)
.otherwise(NONE);
pub(super) const AUTHORIZATION_HEADERS: Key<Option<Map<String, Value>>> = table(
    "plugins.generic_oauth.providers.NAME.authorization_headers",
    "headers by name",
    "Headers of requests that exchange a code for tokens.",
)
.otherwise(NONE);
pub(super) const DISABLE_SIGN_UP: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.providers.NAME.disable_sign_up",
    "Reject sign-ins of users who have no account.",
)
.otherwise(FALSE);
pub(super) const DISABLE_IMPLICIT_SIGN_UP: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.providers.NAME.disable_implicit_sign_up",
    "Create a user only if the client requests sign-up.",
)
.otherwise(FALSE);
pub(super) const OVERRIDE_USER_INFO: Key<Option<bool>> = boolean(
    "plugins.generic_oauth.providers.NAME.override_user_info",
    "Set the user's name, picture, address and mapped fields at each sign-in by redirect, and not only at the first one.",
)
.otherwise(FALSE);
pub(super) const MAP_PROFILE_TO_USER: Key<Option<Map<String, Value>>> = table(
    "plugins.generic_oauth.providers.NAME.map_profile_to_user",
    "paths in the profile by field of the user",
    "Fields of the user that are set from the provider's profile, each with its path in the profile: `{ name = \"preferred_username\" }`.",
)
.otherwise(NONE);

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &CLIENT_ID.declaration,
    &CLIENT_SECRET.declaration,
    &PRESET.declaration,
    &DOMAIN.declaration,
    &TENANT_ID.declaration,
    &DISCOVERY_URL.declaration,
    &ISSUER.declaration,
    &REQUIRE_ISSUER_VALIDATION.declaration,
    &AUTHORIZATION_URL.declaration,
    &TOKEN_URL.declaration,
    &USER_INFO_URL.declaration,
    &SCOPES.declaration,
    &REDIRECT_URI.declaration,
    &RESPONSE_TYPE.declaration,
    &RESPONSE_MODE.declaration,
    &PROMPT.declaration,
    &PKCE.declaration,
    &ACCESS_TYPE.declaration,
    &AUTHORIZATION_URL_PARAMS.declaration,
    &TOKEN_URL_PARAMS.declaration,
    &AUTHENTICATION.declaration,
    &DISCOVERY_HEADERS.declaration,
    &AUTHORIZATION_HEADERS.declaration,
    &DISABLE_SIGN_UP.declaration,
    &DISABLE_IMPLICIT_SIGN_UP.declaration,
    &OVERRIDE_USER_INFO.declaration,
    &MAP_PROFILE_TO_USER.declaration,
];

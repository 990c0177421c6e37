//! The keys that every provider has.

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value};

use crate::config::{
    declare::{boolean, list, secret, table, text},
    key::{Declaration, Key},
};

const FALSE: &str = "`false`";
const OF_PROVIDER: &str = "that of the provider";

pub(super) const CLIENT_ID: Key<Option<Vec<String>>> = list(
    "social_providers.NAME.client_id",
    "Let users sign in with the provider `NAME`, such as `github` or `google`, which issued this client id. If there are several, requests are sent with the first one, and id tokens may be issued for any of them.",
)
.otherwise("required for each provider");
pub(super) const CLIENT_SECRET: Key<Option<Secret<String>>> = secret(
    "social_providers.NAME.client_secret",
    "Client secret that the provider issued. For Apple, a JWT that you have signed with the private key from Apple. Set it to `\"\"` in the file if the client has no secret.",
)
.otherwise("required for each provider");
pub(super) const ENABLED: Key<Option<bool>> = boolean(
    "social_providers.NAME.enabled",
    "Let users sign in with the provider. If `false`, its other keys have no effect.",
)
.otherwise("`true`");
pub(super) const SCOPE: Key<Option<Vec<String>>> = list(
    "social_providers.NAME.scope",
    "Scopes to request in addition to those that the provider needs.",
)
.otherwise("none");
pub(super) const DISABLE_DEFAULT_SCOPE: Key<Option<bool>> = boolean(
    "social_providers.NAME.disable_default_scope",
    "Request only the scopes in `scope` and those of the client.",
)
.otherwise(FALSE);
pub(super) const REDIRECT_URI: Key<Option<String>> = text(
    "social_providers.NAME.redirect_uri",
    "Let the provider send users back to this URL instead of the callback of this server. It must lead to that callback.",
)
.otherwise("the base URL, `/callback/` and the name of the provider");
pub(super) const PROMPT: Key<Option<String>> = text(
    "social_providers.NAME.prompt",
    "Parameter `prompt` of requests: what the provider asks of users, such as `select_account` or `consent`.",
)
.otherwise(OF_PROVIDER);
pub(super) const ACCESS_TYPE: Key<Option<String>> = text(
    "social_providers.NAME.access_type",
    "Parameter `access_type` of requests: with `offline`, Google and Dropbox issue refresh tokens.",
)
.otherwise(OF_PROVIDER);
pub(super) const DISABLE_SIGN_UP: Key<Option<bool>> = boolean(
    "social_providers.NAME.disable_sign_up",
    "Reject sign-ins of users who have no account.",
)
.otherwise(FALSE);
pub(super) const DISABLE_IMPLICIT_SIGN_UP: Key<Option<bool>> = boolean(
    "social_providers.NAME.disable_implicit_sign_up",
    "Create a user only if the client requests sign-up.",
)
.otherwise(FALSE);
pub(super) const OVERRIDE_USER_INFO: Key<Option<bool>> = boolean(
    "social_providers.NAME.override_user_info_on_sign_in",
    "Set the user's name, picture, address and mapped fields at each sign-in by redirect, and not only at the first one. Sign-ins with an id token never do.",
)
.otherwise(FALSE);
pub(super) const DISABLE_ID_TOKEN_SIGN_IN: Key<Option<bool>> = boolean(
    "social_providers.NAME.disable_id_token_sign_in",
    "Reject id tokens that clients got from the provider themselves.",
)
.otherwise(FALSE);
pub(super) const MAP_PROFILE_TO_USER: Key<Option<Map<String, Value>>> = table(
    "social_providers.NAME.map_profile_to_user",
    "paths in the profile by field of the user",
    "Fields of the user that are set from the provider's profile, each with its path in the profile: `{ company = \"company\", image = \"picture.data.url\" }`.",
)
.otherwise("none");
pub(super) const AUTHORIZATION: Key<Option<String>> = text(
    "social_providers.NAME.endpoints.authorization",
    "Page to which users are sent, for example that of a sandbox.",
)
.otherwise(OF_PROVIDER);
/// Better Auth's name for [`AUTHORIZATION`].
pub(super) const AUTHORIZATION_ENDPOINT: Key<Option<String>> = text(
    "social_providers.NAME.authorization_endpoint",
    "Better Auth's name for `endpoints.authorization`.",
)
.otherwise(OF_PROVIDER);
pub(super) const TOKEN: Key<Option<String>> = text(
    "social_providers.NAME.endpoints.token",
    "Endpoint that issues tokens.",
)
.otherwise(OF_PROVIDER);
pub(super) const USER_INFO: Key<Option<String>> = text(
    "social_providers.NAME.endpoints.user_info",
    "Endpoint that describes the user.",
)
.otherwise(OF_PROVIDER);
pub(super) const JWKS: Key<Option<String>> = text(
    "social_providers.NAME.endpoints.jwks",
    "Document with the keys that verify id tokens (RFC 7517).",
)
.otherwise(OF_PROVIDER);
pub(super) const ISSUER: Key<Option<String>> = text(
    "social_providers.NAME.endpoints.issuer",
    "Issuer of id tokens: their claim `iss` must be this text.",
)
.otherwise(OF_PROVIDER);

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &CLIENT_ID.declaration,
    &CLIENT_SECRET.declaration,
    &ENABLED.declaration,
    &SCOPE.declaration,
    &DISABLE_DEFAULT_SCOPE.declaration,
    &REDIRECT_URI.declaration,
    &PROMPT.declaration,
    &ACCESS_TYPE.declaration,
    &DISABLE_SIGN_UP.declaration,
    &DISABLE_IMPLICIT_SIGN_UP.declaration,
    &OVERRIDE_USER_INFO.declaration,
    &DISABLE_ID_TOKEN_SIGN_IN.declaration,
    &MAP_PROFILE_TO_USER.declaration,
    &AUTHORIZATION_ENDPOINT.declaration,
    &AUTHORIZATION.declaration,
    &TOKEN.declaration,
    &USER_INFO.declaration,
    &JWKS.declaration,
    &ISSUER.declaration,
];

//! Reads the options of one provider.

use portcullis_domain::{additional::FieldSchema, secret::Secret};
use portcullis_oauth::{Definition, EndpointOverrides, ProviderOptions};
use url::Url;

use super::{
    extras,
    keys::{
        ACCESS_TYPE, AUTHORIZATION, AUTHORIZATION_ENDPOINT, CLIENT_ID, CLIENT_SECRET, DISABLE_DEFAULT_SCOPE,
        DISABLE_ID_TOKEN_SIGN_IN, DISABLE_IMPLICIT_SIGN_UP, DISABLE_SIGN_UP, ENABLED, ISSUER, JWKS,
        MAP_PROFILE_TO_USER, OVERRIDE_USER_INFO, PROMPT, REDIRECT_URI, SCOPE, TOKEN, USER_INFO,
    },
    mapping,
    named::Named,
};
use crate::config::key::Key;

/// The option that replaces the client id, if a provider has it.
const CLIENT_KEY: &str = "client_key";

/// Reads the options of a provider, or returns `None` if it is disabled.
pub(super) fn read(
    named: &mut Named<'_>,
    definition: &dyn Definition,
    fields: &FieldSchema,
) -> Option<ProviderOptions> {
    let is_enabled = named.get(&ENABLED).unwrap_or(true);
    let options = ProviderOptions {
        client_ids: client_ids(named, definition, is_enabled),
        client_secret: client_secret(named, &CLIENT_SECRET, is_enabled),
        scopes: named.get(&SCOPE).unwrap_or_default(),
        disable_default_scope: named.flag(&DISABLE_DEFAULT_SCOPE),
        redirect_uri: redirect_uri(named, &REDIRECT_URI),
        prompt: named.get(&PROMPT),
        access_type: named.get(&ACCESS_TYPE),
        disable_id_token_sign_in: named.flag(&DISABLE_ID_TOKEN_SIGN_IN),
        disable_sign_up: named.flag(&DISABLE_SIGN_UP),
        disable_implicit_sign_up: named.flag(&DISABLE_IMPLICIT_SIGN_UP),
        override_user_info_on_sign_in: named.flag(&OVERRIDE_USER_INFO),
        endpoints: endpoints(named),
        map_profile_to_user: mapping::read(named, &MAP_PROFILE_TO_USER, fields),
        extra: extras::read(named, definition, is_enabled),
    };
    is_enabled.then_some(options)
}

fn client_ids(named: &mut Named<'_>, definition: &dyn Definition, is_needed: bool) -> Vec<String> {
    let ids = named.get(&CLIENT_ID).unwrap_or_default();
    let provider = definition.name();
    let is_unreadable = named.is_given(&CLIENT_ID) && named.get(&CLIENT_ID).is_none();
    if definition.extras().iter().any(|extra| extra.name == CLIENT_KEY) {
        if named.is_given(&CLIENT_ID) {
            named.refuse(
                &CLIENT_ID,
                &format!("is not an option of {provider}: use `{CLIENT_KEY}`"),
            );
        }
    } else if ids.is_empty() && is_needed && !is_unreadable {
        named.refuse(
            &CLIENT_ID,
            &format!("is required: set it to the id that {provider} issued for your application"),
        );
    }
    ids
}

/// Returns the client secret, or `None` if the client has none.
pub(in crate::config) fn client_secret(
    named: &mut Named<'_>,
    key: &Key<Option<Secret<String>>>,
    is_needed: bool,
) -> Option<Secret<String>> {
    if is_needed && !named.is_given(key) {
        named.refuse(
            key,
            "is required: set it to the secret that the provider issued; if your application has none, set it to \"\" in the file",
        );
    }
    named.get(key).filter(|secret| !secret.expose().is_empty())
}

/// Returns the URL to which the provider sends users back. Applications may have a scheme of their own.
pub(in crate::config) fn redirect_uri(named: &mut Named<'_>, key: &Key<Option<String>>) -> Option<String> {
    let uri = named.get(key)?;
    let is_whole = Url::parse(&uri).is_ok_and(|url| url.fragment().is_none());
    if !is_whole {
        named.refuse(
            key,
            &format!("is \"{uri}\": write a whole URL without a fragment, such as https://auth.example.com/api/auth/callback/github"),
        );
    }
    Some(uri)
}

fn endpoints(named: &mut Named<'_>) -> EndpointOverrides {
    let own = named.endpoint(&AUTHORIZATION);
    let of_better_auth = named.endpoint(&AUTHORIZATION_ENDPOINT);
    if own.is_some() && of_better_auth.is_some() {
        let key = named.own(&AUTHORIZATION);
        named.refuse(
            &AUTHORIZATION_ENDPOINT,
            &format!("is another name of `{key}`: remove one of them"),
        );
    }
    EndpointOverrides {
        authorization: own.or(of_better_auth),
        token: named.endpoint(&TOKEN),
        user_info: named.endpoint(&USER_INFO),
        jwks: named.endpoint(&JWKS),
        issuer: named.get(&ISSUER),
    }
}

//! Reads the options of one provider.

use portcullis_domain::{additional::FieldSchema, secret::Secret};
use portcullis_oauth::{Authentication, GenericOptions, Preset};
use serde_json::{Map, Value};

use super::keys::{
    ACCESS_TYPE, AUTHENTICATION, AUTHORIZATION_HEADERS, AUTHORIZATION_URL, AUTHORIZATION_URL_PARAMS,
    CLIENT_ID, CLIENT_SECRET, DISABLE_IMPLICIT_SIGN_UP, DISABLE_SIGN_UP, DISCOVERY_HEADERS, DISCOVERY_URL,
    DOMAIN, ISSUER, MAP_PROFILE_TO_USER, OVERRIDE_USER_INFO, PKCE, PRESET, PROMPT, REDIRECT_URI,
    REQUIRE_ISSUER_VALIDATION, RESPONSE_MODE, RESPONSE_TYPE, SCOPES, TENANT_ID, TOKEN_URL, TOKEN_URL_PARAMS,
    USER_INFO_URL,
};
use crate::config::{
    key::{Declaration, Key},
    social_providers::{client_secret, mapping, named::Named, redirect_uri},
};

/// Reads the options of a provider. `is_needed`: the plugin is enabled, so that a missing option is refused.
pub(super) fn read(named: &mut Named<'_>, fields: &FieldSchema, is_needed: bool) -> GenericOptions {
    let options = GenericOptions {
        id: named.name.to_owned(),
        preset: named.get(&PRESET).and_then(|name| Preset::parse(&name)),
        domain: named.get(&DOMAIN),
        tenant_id: named.get(&TENANT_ID),
        discovery_url: named.endpoint(&DISCOVERY_URL),
        issuer: named.get(&ISSUER),
        require_issuer_validation: named.flag(&REQUIRE_ISSUER_VALIDATION),
        authorization_url: named.endpoint(&AUTHORIZATION_URL),
        token_url: named.endpoint(&TOKEN_URL),
        user_info_url: named.endpoint(&USER_INFO_URL),
        client_id: named.get(&CLIENT_ID).unwrap_or_default(),
        client_secret: client_secret(named, &CLIENT_SECRET, is_needed),
        scopes: named.get(&SCOPES),
        redirect_uri: redirect_uri(named, &REDIRECT_URI),
        response_type: named.get(&RESPONSE_TYPE),
        response_mode: named.get(&RESPONSE_MODE),
        prompt: named.get(&PROMPT),
        pkce: named.get(&PKCE).unwrap_or(true),
        access_type: named.get(&ACCESS_TYPE),
        authorization_url_params: named.texts(&AUTHORIZATION_URL_PARAMS),
        token_url_params: secrets(named.texts(&TOKEN_URL_PARAMS)),
        disable_implicit_sign_up: named.flag(&DISABLE_IMPLICIT_SIGN_UP),
        disable_sign_up: named.flag(&DISABLE_SIGN_UP),
        authentication: named.get(&AUTHENTICATION).map(|name| authentication(&name)),
        discovery_headers: headers(named, &DISCOVERY_HEADERS),
        authorization_headers: headers(named, &AUTHORIZATION_HEADERS),
        override_user_info: named.flag(&OVERRIDE_USER_INFO),
        map_profile_to_user: mapping::read(named, &MAP_PROFILE_TO_USER, fields),
    };
    check_preset(named, options.preset, is_needed);
    if is_needed {
        check(named, &options);
    }
    options
}

/// Refuses a provider that lacks what it cannot be used without.
fn check(named: &mut Named<'_>, options: &GenericOptions) {
    if !named.is_given(&CLIENT_ID) {
        named.refuse(
            &CLIENT_ID,
            "is required: set it to the id that the provider issued for your application",
        );
    }
    if options.preset.is_some() || named.is_given(&PRESET) {
        return;
    }
    let has_both = options.authorization_url.is_some() && options.token_url.is_some();
    let is_unreadable = [&DISCOVERY_URL, &AUTHORIZATION_URL, &TOKEN_URL]
        .into_iter()
        .any(|key| named.is_given(key) && named.get(key).is_none());
    if options.discovery_url.is_none() && !has_both && !is_unreadable {
        let key = [&AUTHORIZATION_URL, &TOKEN_URL]
            .into_iter()
            .find(|key| named.is_given(key))
            .unwrap_or(&DISCOVERY_URL);
        let text = format!(
            "`{}` is required: set it to the URL of the discovery document, or set both `authorization_url` and `token_url`, or `preset`",
            named.own(&DISCOVERY_URL)
        );
        named.settings.refuse_named(key, named.name, text);
    } else if options.require_issuer_validation && options.discovery_url.is_none() && !named.is_given(&ISSUER)
    {
        let issuer = named.own(&ISSUER);
        named.refuse(
            &REQUIRE_ISSUER_VALIDATION,
            &format!("is `true`, but the issuer is not known: set `{issuer}`"),
        );
    }
}

/// Refuses a missing option that the preset needs, and options of other presets.
fn check_preset(named: &mut Named<'_>, preset: Option<Preset>, is_needed: bool) {
    let needed = preset.and_then(Preset::required_option);
    for (option, key) in [
        ("domain", &DOMAIN),
        ("issuer", &ISSUER),
        ("tenant_id", &TENANT_ID),
    ] {
        let is_given = named.is_given(key);
        if needed == Some(option) && !is_given && is_needed {
            let preset = preset.map_or("", Preset::name);
            named.refuse(key, &format!("is required for the preset `{preset}`"));
        }
        // Every provider may have an issuer.
        if needed != Some(option) && is_given && option != "issuer" && !is_unreadable(named, &PRESET) {
            named.refuse(
                key,
                &format!("has an effect only for {}: remove it", owner(option)),
            );
        }
    }
}

/// Returns the preset that needs an option, in words.
fn owner(option: &str) -> String {
    let mut presets = Preset::ALL.into_iter();
    let owner = presets.find(|preset| preset.required_option() == Some(option));
    owner.map_or_else(String::new, |preset| format!("the preset `{}`", preset.name()))
}

fn is_unreadable(named: &Named<'_>, key: &Key<Option<String>>) -> bool {
    named.is_given(key) && named.get(key).is_none()
}

fn authentication(name: &str) -> Authentication {
    if name == "basic" {
        Authentication::Basic
    } else {
        Authentication::Post
    }
}

/// Returns headers, whose values may be secret. Refuses those that HTTP does not allow (RFC 9110, 5.1 and 5.5).
fn headers(named: &mut Named<'_>, key: &Key<Option<Map<String, Value>>>) -> Vec<(String, Secret<String>)> {
    let headers = named.texts(key);
    for (name, value) in &headers {
        if !is_header(name, value) {
            let declaration: &Declaration = key;
            named.refuse(
                declaration,
                &format!("has a member `{name}` that is not a header: names consist of letters, digits, `-` and `_`, values of ASCII characters without line breaks"),
            );
        }
    }
    secrets(headers)
}

fn is_header(name: &str, value: &str) -> bool {
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let of_value = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    !name.is_empty() && name.bytes().all(of_name) && value.bytes().all(of_value)
}

fn secrets(texts: Vec<(String, String)>) -> Vec<(String, Secret<String>)> {
    let secret = |(name, text)| (name, Secret::new(text));
    texts.into_iter().map(secret).collect()
}

//! Tests of `plugins.generic_oauth`.

use portcullis_oauth::{Authentication, GenericOptions, Preset};
use serde_json::json;

use super::keys::PRESETS;
use crate::config::tests::{load, refused};

const IDP: &str =
    "[plugins.generic_oauth.providers.my-idp]\nclient_id = \"id\"\nclient_secret = \"s3cret\"\n";
const DISCOVERY: &str = "discovery_url = \"https://idp.example.com/.well-known/openid-configuration\"\n";

fn one(file: &str) -> GenericOptions {
    let mut providers = load(file, &[]).generic_oauth;
    assert_eq!(providers.len(), 1);
    providers.remove(0)
}

#[test]
fn every_preset_can_be_chosen() {
    assert!(
        Preset::ALL
            .into_iter()
            .map(Preset::name)
            .eq(PRESETS.iter().copied())
    );
    for (preset, needed) in [
        ("auth0", "domain = \"a.eu.auth0.com\""),
        ("keycloak", "issuer = \"https://id.example.com/realms/a\""),
        ("okta", "issuer = \"https://a.okta.com/oauth2/default\""),
        ("microsoft-entra-id", "tenant_id = \"common\""),
        ("slack", ""),
    ] {
        let file = format!("{IDP}preset = \"{preset}\"\n{needed}\n");
        assert_eq!(one(&file).preset.unwrap().name(), preset);
        let Some((key, _)) = needed.split_once(' ') else {
            continue;
        };
        assert_eq!(
            refused(&format!("{IDP}preset = \"{preset}\"\n"), &[]),
            [format!(
                "`plugins.generic_oauth.providers.my-idp.{key}` is required for the preset `{preset}`"
            )]
        );
    }
}

#[test]
fn a_provider_has_a_discovery_document_or_endpoints_or_a_preset() {
    let provider = one(&format!("{IDP}{DISCOVERY}"));
    assert_eq!(provider.id, "my-idp");
    assert_eq!(provider.client_id, "id");
    assert!(provider.pkce && provider.scopes.is_none() && provider.authentication.is_none());
    assert!(!format!("{provider:?}").contains("s3cret"));
    let endpoints =
        "authorization_url = \"https://idp.example.com/a\"\ntoken_url = \"https://idp.example.com/t\"\n";
    one(&format!("{IDP}{endpoints}"));
    let problem = "`plugins.generic_oauth.providers.my-idp.discovery_url` is required: set it to the URL of the discovery document, or set both `authorization_url` and `token_url`, or `preset`";
    assert_eq!(refused(IDP, &[]), [problem]);
    let (half, _) = endpoints.split_once('\n').unwrap();
    assert_eq!(
        refused(&format!("{IDP}{half}\n"), &[]),
        [format!("portcullis.toml:4: {problem}")]
    );
}

/// Every option that is not in the other examples.
const FURTHER: &str = r#"
issuer = "https://idp.example.com"
require_issuer_validation = true
authorization_url = "https://idp.example.com/a"
token_url = "https://idp.example.com/t"
user_info_url = "https://idp.example.com/u"
scopes = ["openid", "email"]
redirect_uri = "https://app.example.com/callback"
response_type = "code"
response_mode = "query"
prompt = "login"
pkce = false
access_type = "offline"
authorization_url_params = { b = "1", a = "2" }
token_url_params = { c = "3" }
disable_implicit_sign_up = true
disable_sign_up = true
authentication = "basic"
discovery_headers = { X-Staging = "4" }
authorization_headers = { X-Staging = "5" }
override_user_info = true
map_profile_to_user = { name = "preferred_username" }
"#;

#[test]
fn every_option_of_a_provider_is_read() {
    let read = one(&format!("{IDP}{DISCOVERY}{FURTHER}"));
    let texts = [
        read.issuer,
        read.authorization_url,
        read.token_url,
        read.user_info_url,
        read.redirect_uri,
        read.response_type,
        read.response_mode,
        read.prompt,
        read.access_type,
    ];
    let expected = [
        "https://idp.example.com",
        "https://idp.example.com/a",
        "https://idp.example.com/t",
        "https://idp.example.com/u",
        "https://app.example.com/callback",
        "code",
        "query",
        "login",
        "offline",
    ];
    assert_eq!(texts, expected.map(|text| Some(text.to_owned())));
    assert_eq!(read.scopes.unwrap(), ["openid", "email"]);
    assert!(!read.pkce && read.require_issuer_validation && read.override_user_info);
    assert!(read.disable_implicit_sign_up && read.disable_sign_up);
    assert_eq!(read.authentication, Some(Authentication::Basic));
    let parameters = [("b", "1"), ("a", "2")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(read.authorization_url_params, parameters);
    for (secret, text) in [
        (&read.token_url_params, ("c", "3")),
        (&read.discovery_headers, ("X-Staging", "4")),
        (&read.authorization_headers, ("X-Staging", "5")),
    ] {
        let (name, value) = &secret[0];
        assert_eq!((name.as_str(), value.expose().as_str()), text);
    }
    assert_eq!(
        json!(read.map_profile_to_user),
        json!({ "name": "preferred_username" })
    );
}

/// Shells allow no `-` in names of variables.
#[test]
fn a_variable_sets_an_option_of_a_provider_in_the_file() {
    let file = format!("[plugins.generic_oauth.providers.My-Idp]\nclient_id = \"id\"\n{DISCOVERY}");
    let secret = (
        "PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__MY_IDP__CLIENT_SECRET",
        "x",
    );
    let providers = load(&file, &[secret]).generic_oauth;
    assert_eq!(providers.len(), 1);
    assert_eq!(
        (providers[0].id.as_str(), providers[0].client_id.as_str()),
        ("My-Idp", "id")
    );
    assert_eq!(providers[0].client_secret.as_ref().unwrap().expose(), "x");
    let two = format!("{file}[plugins.generic_oauth.providers.my_idp]\nclient_id = \"other\"\n{DISCOVERY}");
    assert_eq!(
        refused(&two, &[secret]),
        [
            "`plugins.generic_oauth.providers.My-Idp.client_secret` is required: set it to the secret that the provider issued; if your application has none, set it to \"\" in the file"
        ]
    );
}

#[test]
fn a_provider_is_configured_by_variables_only() {
    let variable = |key| format!("PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__MY_IDP__{key}");
    let (id, secret, preset) = (
        variable("CLIENT_ID"),
        variable("CLIENT_SECRET"),
        variable("PRESET"),
    );
    let environment = [(id.as_str(), "id"), (&secret, "x"), (&preset, "slack")];
    let providers = load("", &environment).generic_oauth;
    assert_eq!(providers.len(), 1);
    assert_eq!(providers[0].id, "my_idp");
}

#[test]
fn the_plugin_can_be_disabled() {
    let file = format!("plugins.generic_oauth.enabled = false\n{IDP}");
    assert!(load(&file, &[]).generic_oauth.is_empty());
    assert!(load("[plugins.generic_oauth]\n", &[]).generic_oauth.is_empty());
}

/// A line below the section of a provider, and the problem that it causes.
const REFUSED: &[(&str, &str)] = &[
    (
        "domain = \"a.example.com\"",
        "`plugins.generic_oauth.providers.my-idp.domain` has an effect only for the preset `auth0`: remove it",
    ),
    (
        "preset = \"octa\"",
        "`plugins.generic_oauth.providers.my-idp.preset` must be \"auth0\" or",
    ),
    (
        "response_mode = \"form_post\"",
        "\"form_post\" is not supported yet; choose \"query\"",
    ),
    (
        "token_url = \"http://idp.example.com/t\"",
        "`plugins.generic_oauth.providers.my-idp.token_url` is http: tokens would be sent unencrypted",
    ),
    (
        "discovery_headers = { \"a b\" = \"x\" }",
        "has a member `a b` that is not a header",
    ),
    (
        "authorization_headers = { a = \"x\\n\" }",
        "has a member `a` that is not a header",
    ),
    (
        "authorization_url_params = { a = 5 }",
        "`plugins.generic_oauth.providers.my-idp.authorization_url_params` has a member `a` that is not a text",
    ),
    (
        "get_token = true",
        "`plugins.generic_oauth.providers.my-idp.get_token` is not supported: a function cannot be configured",
    ),
    (
        "provider_id = \"x\"",
        "`plugins.generic_oauth.providers.my-idp.provider_id` is not supported: the name of the table is the id of the provider",
    ),
];

#[test]
fn options_that_cannot_work_are_refused_once_with_the_reason() {
    for (line, expected) in REFUSED {
        let problems = refused(&format!("{IDP}{DISCOVERY}{line}\n"), &[]);
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
        assert!(problems[0].starts_with("portcullis.toml:5: "), "{}", problems[0]);
    }
    let list = "plugins.generic_oauth.config = [{ providerId = \"a\" }]\n";
    assert_eq!(
        refused(list, &[]),
        [
            "portcullis.toml:1: `plugins.generic_oauth.config` is not supported: providers are tables here: configure one in `[plugins.generic_oauth.providers.ID]`"
        ]
    );
}

#[test]
fn the_issuer_must_be_known_if_it_is_required() {
    let endpoints = "authorization_url = \"https://idp.example.com/a\"\ntoken_url = \"https://idp.example.com/t\"\nrequire_issuer_validation = true\n";
    assert_eq!(
        refused(&format!("{IDP}{endpoints}"), &[]),
        [
            "portcullis.toml:6: `plugins.generic_oauth.providers.my-idp.require_issuer_validation` is `true`, but the issuer is not known: set `plugins.generic_oauth.providers.my-idp.issuer`"
        ]
    );
    one(&format!("{IDP}{endpoints}issuer = \"https://idp.example.com\"\n"));
}

/// Accounts of different providers must not have the same `providerId`.
#[test]
fn an_id_must_be_a_part_of_a_path_and_belong_to_no_other_accounts() {
    let github = "[social_providers.github]\nclient_id = \"id\"\nclient_secret = \"s\"\n";
    for (id, reason) in [
        ("credential", "accounts with a password have this id"),
        ("dev-oidc", "the provider of development mode has this id"),
        ("github", "there is also a section `[social_providers.github]`"),
        ("\"a b\"", "consists of at most 64 letters, digits, `-` and `_`"),
        ("\"a/b\"", "consists of at most 64 letters, digits, `-` and `_`"),
    ] {
        let file = format!("{github}{IDP}{DISCOVERY}").replace("my-idp", id);
        let problems = refused(&file, &[]);
        assert_eq!(problems.len(), 1, "{id}: {problems:?}");
        assert!(problems[0].contains(reason), "{problems:?}");
    }
    one(&format!("{IDP}{DISCOVERY}").replace("my-idp", "github"));
}

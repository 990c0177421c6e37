//! Tests of `social_providers`.

use serde_json::json;

use crate::config::{
    Config, SocialProvider, environment,
    tests::{inputs, load, production, refused},
};

const GITHUB: &str = "[social_providers.github]\nclient_id = \"id\"\nclient_secret = \"s3cret\"\n";

fn providers(file: &str, environment: &[(&str, &str)]) -> Vec<SocialProvider> {
    load(file, environment).social.providers
}

fn one(file: &str) -> SocialProvider {
    let mut providers = providers(file, &[]);
    assert_eq!(providers.len(), 1);
    providers.remove(0)
}

#[test]
fn a_provider_needs_a_client_id_and_a_secret() {
    let github = one(GITHUB);
    assert_eq!(github.definition.id(), "github");
    assert_eq!(github.options.client_ids, ["id"]);
    let secret = github.options.client_secret.as_ref();
    assert_eq!(secret.unwrap().expose(), "s3cret");
    assert!(!format!("{github:?}").contains("s3cret"));

    let secret = "`social_providers.github.client_secret` is required: set it to the secret that the provider issued; if your application has none, set it to \"\" in the file";
    let id = "`social_providers.github.client_id` is required: set it to the id that GitHub issued for your application";
    assert_eq!(refused("[social_providers.github]\n", &[]), [id, secret]);
    let only_secret = ("PORTCULLIS_SOCIAL_PROVIDERS__GITHUB__CLIENT_SECRET", "x");
    assert_eq!(refused("", &[only_secret]), [id]);
    assert_eq!(
        refused(&GITHUB.replace("\"id\"", "[]"), &[]),
        [format!("portcullis.toml:2: {id}")]
    );
    assert_eq!(
        refused(&GITHUB.replace("\"id\"", "5"), &[]),
        ["portcullis.toml:2: `social_providers.github.client_id` must be a list of texts, but is an integer"]
    );
    assert_eq!(
        refused(&GITHUB.replace("client_secret", "clientSecret"), &[]).len(),
        2,
        "the misspelt key and the missing one"
    );
}

#[test]
fn an_empty_client_secret_declares_a_client_without_a_secret() {
    let public = one(&GITHUB.replace("s3cret", ""));
    assert!(public.options.client_secret.is_none());
}

#[test]
fn a_provider_that_is_not_enabled_needs_nothing() {
    assert!(providers("[social_providers.github]\nenabled = false\n", &[]).is_empty());
    assert!(providers("social_providers.cognito.enabled = false\n", &[]).is_empty());
}

#[test]
fn a_provider_is_configured_by_variables_and_files() {
    const SECRET: &str = "PORTCULLIS_SOCIAL_PROVIDERS__GITHUB__CLIENT_SECRET";
    let id = ("PORTCULLIS_SOCIAL_PROVIDERS__GITHUB__CLIENT_ID", "other");
    let github = providers(GITHUB, &[id]).remove(0);
    assert_eq!(github.options.client_ids, ["other"]);
    let google = [
        ("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_ID", "web, ios"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_SECRET", "s"),
        ("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__SCOPE", "a,b"),
        (
            "PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__ENDPOINTS__TOKEN",
            "https://sandbox.example.com/token",
        ),
        (
            "PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__MAP_PROFILE_TO_USER",
            r#"{"name":"given_name"}"#,
        ),
    ];
    let google = providers("", &google).remove(0).options;
    assert_eq!(google.client_ids, ["web", "ios"]);
    assert_eq!(google.scopes, ["a", "b"]);
    assert_eq!(
        google.endpoints.token.as_deref(),
        Some("https://sandbox.example.com/token")
    );
    assert_eq!(json!(google.map_profile_to_user), json!({ "name": "given_name" }));

    let variable = format!("{SECRET}_FILE");
    assert!(environment::names_a_file(&variable));
    let mut inputs = inputs("", &[id, (&variable, "/run/secrets/github")]);
    inputs
        .variable_files
        .insert(variable, Ok("from-file\n".to_owned()));
    let config = Config::load(&inputs).unwrap();
    let secret = config.social.providers[0].options.client_secret.as_ref();
    assert_eq!(secret.unwrap().expose(), "from-file");
}

#[test]
fn every_option_of_a_provider_is_read() {
    let file = format!(
        r#"{GITHUB}
scope = ["a"]
disable_default_scope = true
redirect_uri = "https://app.example.com/callback"
prompt = "consent"
access_type = "offline"
disable_sign_up = true
disable_implicit_sign_up = true
override_user_info_on_sign_in = true
disable_id_token_sign_in = true
map_profile_to_user = {{ image = "picture.data.url", plan = "plan.name" }}
[social_providers.github.endpoints]
authorization = "https://ghe.example.com/authorize"
token = "https://ghe.example.com/token"
user_info = "https://ghe.example.com/user"
jwks = "https://ghe.example.com/jwks"
issuer = "https://ghe.example.com"
[user.additional_fields.plan]
type = "string"
required = false
"#
    );
    let options = one(&file).options;
    assert_eq!(options.scopes, ["a"]);
    assert_eq!(
        options.redirect_uri.as_deref(),
        Some("https://app.example.com/callback")
    );
    assert_eq!(options.prompt.as_deref(), Some("consent"));
    assert_eq!(options.access_type.as_deref(), Some("offline"));
    assert!(options.disable_default_scope && options.disable_sign_up && options.disable_implicit_sign_up);
    assert!(options.override_user_info_on_sign_in && options.disable_id_token_sign_in);
    assert_eq!(
        json!(options.map_profile_to_user),
        json!({ "image": "picture.data.url", "plan": "plan.name" })
    );
    let endpoints = options.endpoints;
    let texts = [
        endpoints.authorization,
        endpoints.token,
        endpoints.user_info,
        endpoints.jwks,
        endpoints.issuer,
    ];
    let expected = ["/authorize", "/token", "/user", "/jwks", ""]
        .map(|path| Some(format!("https://ghe.example.com{path}")));
    assert_eq!(texts, expected);
    let of_better_auth = format!("{GITHUB}authorizationEndpoint = \"https://a.example.com/\"\n");
    assert_eq!(refused(&of_better_auth, &[]).len(), 1);
    let ours = of_better_auth.replace("authorizationEndpoint", "authorization_endpoint");
    let authorization = one(&ours).options.endpoints.authorization;
    assert_eq!(authorization.as_deref(), Some("https://a.example.com/"));
}

/// A line below the section of GitHub, and the problem that it causes.
const REFUSED: &[(&str, &str)] = &[
    (
        "tenant_id = \"x\"",
        "`social_providers.github.tenant_id` is not an option of GitHub, but of `microsoft`: remove it",
    ),
    (
        "client_key = \"x\"",
        "`social_providers.github.client_key` is not an option of GitHub, but of `tiktok`: remove it",
    ),
    (
        "redirect_uri = \"/callback\"",
        "`social_providers.github.redirect_uri` is \"/callback\": write a whole URL without a fragment",
    ),
    (
        "endpoints.token = \"http://ghe.internal/token\"",
        "`social_providers.github.endpoints.token` is http: tokens would be sent unencrypted; use https, or add \"ghe.internal\" to `oauth_client.allowed_hosts`",
    ),
    (
        "endpoints.tokens = \"https://a.example.com\"",
        "unknown key `social_providers.github.endpoints.tokens`: did you mean `social_providers.github.endpoints.token`?",
    ),
    (
        "authorization_endpoint = \"https://a.example.com\"\nendpoints.authorization = \"https://a.example.com\"",
        "`social_providers.github.authorization_endpoint` is another name of `social_providers.github.endpoints.authorization`: remove one of them",
    ),
    (
        "map_profile_to_user = { picture = \"a\" }",
        "`social_providers.github.map_profile_to_user` has a member `picture`, but users have no field with that name",
    ),
    (
        "map_profile_to_user = { name = \"a..b\" }",
        "`social_providers.github.map_profile_to_user` has a member `name` that is \"a..b\"",
    ),
    (
        "map_profile_to_user = { name = 5 }",
        "`social_providers.github.map_profile_to_user` has a member `name` that is not a text",
    ),
    (
        "verify_id_token = true",
        "`social_providers.github.verify_id_token` is not supported: a function cannot be configured",
    ),
    (
        "response_mode = \"query\"",
        "`social_providers.github.response_mode` is not supported: it has no effect in Better Auth either",
    ),
];

#[test]
fn options_that_cannot_work_are_refused_once_with_the_reason() {
    for (line, expected) in REFUSED {
        let problems = refused(&format!("{GITHUB}{line}\n"), &[]);
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
        assert!(problems[0].starts_with("portcullis.toml:"), "{}", problems[0]);
    }
    let allowed = format!(
        "oauth_client.allowed_hosts = [\"ghe.internal\"]\n{GITHUB}endpoints.token = \"http://ghe.internal/token\"\n"
    );
    one(&allowed);
}

#[test]
fn a_mapping_to_a_field_that_only_the_deployment_sets_is_refused() {
    let file = |input: bool| {
        let field =
            format!("[user.additional_fields.role]\ntype = \"string\"\nrequired = false\ninput = {input}\n");
        format!("{GITHUB}map_profile_to_user = {{ role = \"role\" }}\n{field}")
    };
    assert_eq!(
        refused(&file(false), &[]),
        [
            "portcullis.toml:4: `social_providers.github.map_profile_to_user` has a member `role`, a field that only the deployment itself sets (`input = false`): remove the member, or declare the field with `input = true`, which also lets clients set it"
        ]
    );
    assert_eq!(
        json!(one(&file(true)).options.map_profile_to_user),
        json!({ "role": "role" })
    );
}

#[test]
fn an_unknown_provider_is_refused_with_the_nearest_one_and_all() {
    let problems = refused(&GITHUB.replace("github", "githb"), &[]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let start = "portcullis.toml:2: `social_providers.githb` is not a provider: did you mean github? The providers are apple, atlassian, ";
    assert!(problems[0].starts_with(start), "{problems:?}");
    assert!(
        problems[0].contains("zoom; configure others in `plugins.generic_oauth.providers`"),
        "{problems:?}"
    );
    let variable = ("PORTCULLIS_SOCIAL_PROVIDERS__MASTODON__CLIENT_ID", "x");
    let problems = refused("", &[variable]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with(
            "PORTCULLIS_SOCIAL_PROVIDERS__MASTODON__CLIENT_ID: `social_providers.mastodon` is not a provider"
        ),
        "{problems:?}"
    );
}

#[test]
fn options_of_one_provider_are_read_and_required_if_it_needs_them() {
    let file = "[social_providers.microsoft]\nclient_id = \"id\"\nclient_secret = \"s\"\ntenant_id = \"t\"\n";
    assert_eq!(one(file).options.extra("tenant_id"), Some("t"));
    let tiktok = "[social_providers.tiktok]\nclient_secret = \"s\"\n";
    let problems = refused(tiktok, &[]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("`social_providers.tiktok.client_key` is required: "),
        "{problems:?}"
    );
    let options = one(&format!("{tiktok}client_key = \"k\"\n")).options;
    assert_eq!(options.extra("client_key"), Some("k"));
    let both = format!("{tiktok}client_key = \"k\"\nclient_id = \"i\"\n");
    assert_eq!(
        refused(&both, &[]),
        [
            "portcullis.toml:4: `social_providers.tiktok.client_id` is not an option of TikTok: use `client_key`"
        ]
    );
    let lists =
        "[social_providers.apple]\nclient_id = \"id\"\nclient_secret = \"s\"\naudience = [\"a\", \"b\"]\n";
    assert_eq!(one(lists).options.extra("audience"), Some("a,b"));
}

#[test]
fn providers_of_the_same_option_may_allow_different_values() {
    let file = |provider: &str, value: &str| {
        format!(
            "[social_providers.{provider}]\nclient_id = \"id\"\nclient_secret = \"s\"\nenvironment = \"{value}\"\n"
        )
    };
    assert_eq!(
        one(&file("paypal", "live")).options.extra("environment"),
        Some("live")
    );
    let problem = "portcullis.toml:4: `social_providers.paypal.environment` must be \"sandbox\" or \"live\", but is \"production\"";
    assert_eq!(refused(&file("paypal", "production"), &[]), [problem]);
}

#[test]
fn the_provider_of_development_mode_does_not_exist_in_production() {
    let exists =
        |file: &str, environment: &[(&str, &str)]| load(file, environment).social.has_development_provider;
    assert!(exists("", &[]));
    assert!(!exists("dev.oidc = false", &[]));
    assert!(!exists("", &production(&[])));
    assert!(!exists("dev.oidc = false", &production(&[])));
    assert_eq!(
        refused("dev.oidc = true", &production(&[])),
        [
            "portcullis.toml:1: `dev.oidc` is `true`, but in production it would let any client sign in as any user: remove it"
        ]
    );
}

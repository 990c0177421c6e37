//! Proofs of the keys of `plugins.generic_oauth`.

use portcullis_testkit::{CLIENT_ID as ID, CLIENT_SECRET as SECRET, ReceivedRequest, TestServer};
use serde_json::json;

use super::{
    proof::{Proof, provided, refused, server},
    provided::{Provided, Shape, named, renamed, returning},
};

const CLIENT_ID: &str = "plugins.generic_oauth.providers.NAME.client_id";
const CLIENT_SECRET: &str = "plugins.generic_oauth.providers.NAME.client_secret";
const PRESET: &str = "plugins.generic_oauth.providers.NAME.preset";
const DOMAIN: &str = "plugins.generic_oauth.providers.NAME.domain";
const TENANT: &str = "plugins.generic_oauth.providers.NAME.tenant_id";
const DISCOVERY: &str = "plugins.generic_oauth.providers.NAME.discovery_url";
const AUTHORIZATION: &str = "plugins.generic_oauth.providers.NAME.authorization_url";
const TOKEN: &str = "plugins.generic_oauth.providers.NAME.token_url";
const USER_INFO: &str = "plugins.generic_oauth.providers.NAME.user_info_url";

const KEYCLOAK: Shape = Shape::Generic("keycloak");

/// The answer to a user who begins to sign in with the provider `name`.
async fn beginning(server: &TestServer) -> String {
    begin(server, "name").await
}

/// The same with Keycloak.
async fn beginning_there(on: &Provided) -> String {
    begin(&on.server, "keycloak").await
}

async fn begin(server: &TestServer, id: &str) -> String {
    let call = server.anonymous();
    let body = json!({ "providerId": id });
    call.post("/sign-in/oauth2", &body).send().await.to_string()
}

fn headers_and_body(request: &ReceivedRequest) -> String {
    format!("{:?}\n{}\n", request.headers, request.body)
}

/// The request for tokens.
async fn exchanged(on: &Provided) -> String {
    on.sign_in().await;
    on.mock.token_requests().iter().map(headers_and_body).collect()
}

/// The request for the discovery document.
async fn discovered(on: &Provided) -> String {
    beginning_there(on).await;
    on.mock.requests().iter().map(headers_and_body).collect()
}

fn client(proof: Proof) -> Proof {
    proof.with(CLIENT_ID, ID).with(CLIENT_SECRET, SECRET)
}

/// A proof by the URL at which a sign-in begins, if there is no discovery document.
fn in_url(key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    client(server(key, value, beginning, seen))
        .with(AUTHORIZATION, "https://id.example.com/authorize")
        .with(TOKEN, "https://id.example.com/token")
}

/// A proof by a sign-in with Keycloak without its discovery document.
fn undiscovered(key: &'static str, seen: [&'static str; 2]) -> Proof {
    let endpoints = [(AUTHORIZATION, "auth"), (TOKEN, "token"), (USER_INFO, "userinfo")];
    let proof = provided(KEYCLOAK, key, "{mock}/elsewhere", returning, seen).with(DISCOVERY, "");
    endpoints.into_iter().fold(proof, |proof, (key, name)| {
        let url = format!("{{mock}}/realms/engines/protocol/openid-connect/{name}");
        proof.with(key, &url)
    })
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = presets();
    proofs.extend(urls());
    proofs.extend(requests());
    proofs.extend(issuers());
    proofs.extend(users());
    proofs
}

fn presets() -> Vec<Proof> {
    vec![
        in_url("plugins.generic_oauth.enabled", "false", ["200\n", "404\n"]),
        client(server(
            PRESET,
            "slack",
            beginning,
            ["https://www.patreon.com/", "https://slack.com/"],
        ))
        .instead_of("patreon"),
        client(server(
            TENANT,
            "engines",
            beginning,
            [
                "https://login.microsoftonline.com/common/",
                "https://login.microsoftonline.com/engines/",
            ],
        ))
        .instead_of("common")
        .with(PRESET, "microsoft-entra-id"),
        // The document of a tenant is only at Auth0.
        client(refused(DOMAIN, "", "is required for the preset `auth0`"))
            .instead_of("example.eu.auth0.com")
            .with(PRESET, "auth0"),
        client(refused(
            DOMAIN,
            "example.eu.auth0.com",
            "has an effect only for the preset `auth0`",
        ))
        .with(PRESET, "slack"),
    ]
}

fn urls() -> Vec<Proof> {
    let key = |name: &str| -> &'static str {
        let key = format!("plugins.generic_oauth.providers.NAME.{name}");
        let mut known = portcullis_server::config_keys();
        known.find(|known| known.name == key).unwrap().name
    };
    vec![
        in_url(CLIENT_ID, "other", ["client_id=client-1234", "client_id=other"]),
        in_url(
            AUTHORIZATION,
            "https://login.example.com/authorize",
            ["https://id.example.com/", "https://login.example.com/authorize?"],
        ),
        in_url(key("scopes"), "calendar", ["", "scope=calendar"]),
        in_url(
            key("redirect_uri"),
            "https://proxy.example.com/back",
            [
                "redirect_uri=http%3A%2F%2Flocalhost",
                "redirect_uri=https%3A%2F%2Fproxy.example.com%2Fback",
            ],
        ),
        in_url(
            key("response_type"),
            "code id_token",
            ["response_type=code&", "response_type=code+id_token"],
        ),
        in_url(key("response_mode"), "query", ["", "response_mode=query"]),
        in_url(key("prompt"), "login", ["", "prompt=login"]),
        in_url(key("pkce"), "false", ["code_challenge=", ""]),
        in_url(key("access_type"), "offline", ["", "access_type=offline"]),
        in_url(
            key("authorization_url_params"),
            r#"{"audience":"api"}"#,
            ["", "audience=api"],
        ),
    ]
}

fn requests() -> Vec<Proof> {
    let failed = ["/welcome", "error=oauth_code_verification_failed"];
    vec![
        provided(KEYCLOAK, CLIENT_SECRET, "other", returning, failed),
        undiscovered(TOKEN, failed),
        undiscovered(USER_INFO, ["/welcome", "error=user_info_is_missing"]),
        provided(
            KEYCLOAK,
            DISCOVERY,
            "{mock}/elsewhere",
            beginning_there,
            ["200\n", "INVALID_OAUTH_CONFIGURATION"],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.discovery_headers",
            r#"{"x-tenant":"engines"}"#,
            discovered,
            ["", r#""x-tenant": "engines""#],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.token_url_params",
            r#"{"audience":"api"}"#,
            exchanged,
            ["", "audience=api"],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.authorization_headers",
            r#"{"x-tenant":"engines"}"#,
            exchanged,
            ["", r#""x-tenant": "engines""#],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.authentication",
            "basic",
            exchanged,
            ["client_secret=", r#""authorization": "Basic "#],
        ),
    ]
}

fn issuers() -> Vec<Proof> {
    vec![
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.issuer",
            "https://id.example.com",
            beginning_there,
            ["200\n", "INVALID_OAUTH_CONFIGURATION"],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.require_issuer_validation",
            "true",
            returning,
            ["/welcome", "error=issuer_missing"],
        ),
    ]
}

fn users() -> Vec<Proof> {
    let disabled = ["/welcome", "error=signup_disabled"];
    vec![
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.disable_sign_up",
            "true",
            returning,
            disabled,
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.disable_implicit_sign_up",
            "true",
            returning,
            disabled,
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.override_user_info",
            "true",
            renamed,
            ["Countess", "Ada Lovelace"],
        ),
        provided(
            KEYCLOAK,
            "plugins.generic_oauth.providers.NAME.map_profile_to_user",
            r#"{"name":"given_name"}"#,
            named,
            ["Lovelace", ""],
        ),
    ]
}

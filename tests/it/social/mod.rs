//! Sign-in with providers. A server of the test simulates each provider.

mod account_cookie;
pub(crate) mod flow;
mod providers;
mod quirks;
mod security;
mod slow;

use portcullis_testkit::{CLIENT_ID, CLIENT_SECRET, MockProvider, TestServer, TestServerBuilder};
use serde_json::Value;

use self::flow::location;

const USERS: &str = r#"select from "user""#;
const ACCOUNTS: &str = "select from account";
const SESSIONS: &str = "select from session";
/// The page to which users are redirected after an error if the client chose none.
const ERROR_PAGE: &str = "http://localhost:3000/api/auth/error";

/// Returns the settings of a server on which users can sign in with `provider`, which `mock` simulates.
pub(crate) fn server_with(provider: &str, mock: &MockProvider) -> TestServerBuilder {
    with_provider(TestServer::with(), provider, mock)
}

/// Adds a provider to the settings of a server.
pub(crate) fn with_provider(
    server: TestServerBuilder,
    provider: &str,
    mock: &MockProvider,
) -> TestServerBuilder {
    let shape = mock.shape();
    let path = |pointer: &str| shape.pointer(pointer).and_then(Value::as_str);
    let id = if shape.get("client_key").is_some() {
        "CLIENT_KEY"
    } else {
        "CLIENT_ID"
    };
    let endpoint = |pointer: &str| path(pointer).map(|path| mock.url(path));
    let has_id_tokens = shape.get("id_token").is_some() || shape.get("jwks").is_some();
    let user_info = endpoint("/user_info").or_else(|| endpoint("/answers/0/path"));
    let settings = [
        (id, Some(CLIENT_ID.to_owned())),
        ("CLIENT_SECRET", Some(CLIENT_SECRET.to_owned())),
        ("ENDPOINTS__AUTHORIZATION", endpoint("/authorization/path")),
        ("ENDPOINTS__TOKEN", endpoint("/exchange/path")),
        ("ENDPOINTS__USER_INFO", user_info),
        ("ENDPOINTS__JWKS", has_id_tokens.then(|| mock.jwks())),
        ("ENDPOINTS__ISSUER", has_id_tokens.then(|| mock.issuer())),
    ];
    let own = shape.get("settings").and_then(Value::as_object);
    let own = own.into_iter().flatten();
    let own = own.map(|(name, value)| (name.as_str(), value.as_str().map(str::to_owned)));
    settings
        .into_iter()
        .chain(own)
        .filter_map(|(name, value)| Some((name, value?)))
        .fold(
            server.set("PORTCULLIS_OAUTH_CLIENT__ALLOWED_HOSTS", "127.0.0.1"),
            |server, (name, value)| {
                let provider = provider.to_uppercase();
                server.set(
                    &format!("PORTCULLIS_SOCIAL_PROVIDERS__{provider}__{name}"),
                    &value,
                )
            },
        )
}

/// Returns the settings of a server on which users can sign in with a generic provider that has the id of `mock`, and whose
/// discovery document `mock` serves.
pub(crate) fn server_with_generic(mock: &MockProvider) -> TestServerBuilder {
    let discovery = format!("{}/.well-known/openid-configuration", mock.issuer());
    let section = format!(
        "PORTCULLIS_PLUGINS__GENERIC_OAUTH__PROVIDERS__{}",
        mock.id().to_uppercase()
    );
    let settings = [
        ("CLIENT_ID", CLIENT_ID),
        ("CLIENT_SECRET", CLIENT_SECRET),
        ("DISCOVERY_URL", &discovery),
        ("SCOPES", "openid,profile,email"),
    ];
    settings
        .into_iter()
        .fold(TestServer::with(), |server, (name, value)| {
            server.set(&format!("{section}__{name}"), value)
        })
        .set("PORTCULLIS_PLUGINS__GENERIC_OAUTH__ENABLED", "true")
        .set("PORTCULLIS_OAUTH_CLIENT__ALLOWED_HOSTS", "127.0.0.1")
}

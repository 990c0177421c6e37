//! `plugins.introspection`: services check tokens and end sessions.

mod client_authentication;
mod jwt;
mod limits;
mod pages;
mod private_listener;
mod revocation;
mod session_token;

use portcullis_testkit::{
    Answer, Call, Caller, SERVICE_SECRET, TestServer, TestServerBuilder, basic, percent_encoded,
};
use serde_json::{Value, json};

const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";
const FORM: &str = "application/x-www-form-urlencoded";

/// A server that the service `api` may ask, with these further plugins.
fn with(plugins: &[&str]) -> TestServerBuilder {
    plugins.iter().fold(
        TestServer::with()
            .set("PORTCULLIS_PLUGINS__INTROSPECTION__ENABLED", "true")
            .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET),
        |builder, plugin| builder.set(&format!("PORTCULLIS_PLUGINS__{plugin}__ENABLED"), "true"),
    )
}

/// Returns a form with this token.
fn form(token: &str) -> String {
    format!("token={}", percent_encoded(token))
}

/// Builds a request that authenticates no service.
fn unauthenticated<'a>(caller: &'a Caller, path: &str, form: String) -> Call<'a> {
    caller.call("POST", &format!("/api/auth{path}")).body(FORM, form)
}

/// Builds a request of the service `api`.
fn call<'a>(caller: &'a Caller, path: &str, form: String) -> Call<'a> {
    unauthenticated(caller, path, form).header("authorization", &basic("api", SERVICE_SECRET))
}

async fn ask(server: &TestServer, path: &str, token: &str) -> Answer {
    call(&server.anonymous(), path, form(token)).send().await
}

async fn introspect(server: &TestServer, token: &str) -> Value {
    let answer = ask(server, INTROSPECT, token).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.cookies().count(), 0);
    answer.json()
}

async fn is_active(server: &TestServer, token: &str) -> bool {
    let answer = introspect(server, token).await;
    let is_active = answer["active"].as_bool().unwrap();
    assert!(is_active || answer == inactive(), "{answer}");
    is_active
}

fn inactive() -> Value {
    json!({ "active": false })
}

/// Returns the session token of a signed-in client as its cookie has it: signed and percent-encoded.
fn cookie(caller: &Caller) -> String {
    let cookies = caller.cookies();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(name, _)| *name == "better-auth.session_token");
    found.unwrap().1.to_owned()
}

fn decoded(token: &str) -> String {
    token.replace("%2F", "/").replace("%2B", "+").replace("%3D", "=")
}

fn raw(token: &str) -> &str {
    token.split('.').next().unwrap()
}

/// Every column of the only session that reading it could change.
fn row(server: &TestServer) -> Option<String> {
    server.shown(r#"(select row("id", "token", "expiresAt", "updatedAt", "createdAt") from "session")"#)
}

#[tokio::test]
async fn discovery_documents_name_the_routes() {
    for plugins in [&[][..], &["JWT"]] {
        let server = with(plugins).start();
        let path = "/.well-known/oauth-authorization-server";
        let document = server.anonymous().call("GET", path).send().await.json();
        let base = "http://localhost:3000/api/auth/oauth2";
        let methods = json!(["client_secret_basic", "client_secret_post"]);
        assert_eq!(document["introspection_endpoint"], format!("{base}/introspect"));
        assert_eq!(document["revocation_endpoint"], format!("{base}/revoke"));
        assert_eq!(document["introspection_endpoint_auth_methods_supported"], methods);
        assert_eq!(document["revocation_endpoint_auth_methods_supported"], methods);
        assert_eq!(document["jwks_uri"].is_string(), !plugins.is_empty());
    }
}

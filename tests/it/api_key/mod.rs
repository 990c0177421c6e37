//! The plugin `api_key`.

mod attacks;
mod limits;
mod owner;
mod parallel;
mod service;
mod session;
mod verify;

use portcullis_testkit::{Answer, Caller, SERVICE_SECRET, TestServer, TestServerBuilder, basic};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "password1234";

/// A server with API keys, which the service `api` verifies and the service `ops` manages.
fn with_plugin() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__OPS__SECRET", &operator_secret())
        .set("PORTCULLIS_CLIENTS__OPS__ADMINISTRATOR", "true")
}

/// A server on which keys also stand for sessions.
fn with_sessions() -> TestServerBuilder {
    with_plugin().set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
}

/// The secret of the service `ops`: another one than that of `api`.
fn operator_secret() -> String {
    SERVICE_SECRET.chars().rev().collect()
}

/// A key as it was created.
struct Key {
    id: String,
    text: String,
}

impl Key {
    fn of(created: &Answer) -> Self {
        assert_eq!(created.status, 200, "{created}");
        let body = created.json();
        Self {
            id: body["id"].as_str().unwrap().to_owned(),
            text: body["key"].as_str().unwrap().to_owned(),
        }
    }
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/api-key/{path}"), &body).send().await
}

async fn create(caller: &Caller, body: Value) -> Key {
    Key::of(&post(caller, "create", body).await)
}

/// Creates a key of Ada with these members, as the service `ops`.
async fn create_for_ada(server: &TestServer, mut members: Value) -> Key {
    let id = server.shown(r#"(select "id" from "user" where "email" = 'ada@example.com')"#);
    members["userId"] = id.into();
    Key::of(&manage(server, "create", members).await)
}

/// Sends a request of the service `ops`.
async fn manage(server: &TestServer, path: &str, body: Value) -> Answer {
    let caller = server.anonymous();
    let call = caller.post(&format!("/portcullis/admin/api-keys/{path}"), &body);
    let call = call.header("authorization", &basic("ops", &operator_secret()));
    call.send().await
}

/// Sends a verification of the service `api`.
async fn verify(server: &TestServer, body: Value) -> Answer {
    let caller = server.anonymous();
    let call = caller.post("/portcullis/api-key/verify", &body);
    call.header("authorization", &basic("api", SERVICE_SECRET))
        .send()
        .await
}

/// The code of the error with which a key is refused; empty if it is valid.
async fn refusal(server: &TestServer, key: &Key) -> String {
    let answer = verify(server, json!({ "key": key.text })).await;
    assert_eq!(answer.status, 200, "{answer}");
    let verdict = answer.json();
    assert_eq!(verdict["valid"], json!(verdict["error"].is_null()), "{answer}");
    verdict["error"]["code"].as_str().unwrap_or_default().to_owned()
}

/// Without the plugin, its routes do not exist, and its table is not read.
#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist() {
    let server = TestServer::with()
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_PLUGINS__INTROSPECTION__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for path in ["create", "update", "delete"] {
        assert_eq!(post(&ada, path, json!({})).await.status, 404, "{path}");
    }
    for path in ["get?id=a", "list"] {
        let answer = ada.get(&format!("/api-key/{path}")).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(verify(&server, json!({ "key": "x" })).await.status, 404);
    let session = ada.get("/get-session").header("x-api-key", "x").send().await;
    assert_eq!(session.status, 200);
}

//! The plugin `passkey`.

mod attacks;
mod authenticator;
mod first_proof;
mod registration;
mod registry;
mod sign_in;

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

pub(crate) use self::authenticator::Authenticator;
use self::authenticator::{BACKED_UP, PRESENT};

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__PASSKEY__ENABLED", "true")
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/passkey/{path}"), &body).send().await
}

async fn get(caller: &Caller, path: &str) -> Answer {
    caller.get(&format!("/passkey/{path}")).send().await
}

/// The challenge that a server issues for a registration or a sign-in.
pub(crate) async fn challenge(caller: &Caller, options: &str) -> String {
    let answer = get(caller, options).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["challenge"].as_str().unwrap().to_owned()
}

pub(crate) async fn register(caller: &Caller, authenticator: &Authenticator) -> Answer {
    let challenge = challenge(caller, "generate-register-options").await;
    let body = json!({ "response": authenticator.register(&challenge), "name": "laptop" });
    post(caller, "verify-registration", body).await
}

/// Signs up a user who registers a passkey.
async fn registered(server: &TestServer, name: &str) -> (Caller, Authenticator) {
    let (caller, authenticator) = (server.signed_up(name).await, Authenticator::es256());
    let answer = register(&caller, &authenticator).await;
    assert_eq!(
        answer.json()["credentialID"],
        authenticator.credential_id(),
        "{answer}"
    );
    (caller, authenticator)
}

/// Signs in with a passkey.
pub(crate) async fn sign_in(caller: &Caller, authenticator: &mut Authenticator) -> Answer {
    let challenge = challenge(caller, "generate-authenticate-options").await;
    verify(caller, authenticator.sign(&challenge)).await
}

async fn verify(caller: &Caller, response: Value) -> Answer {
    post(caller, "verify-authentication", json!({ "response": response })).await
}

/// The name of the user who is signed in; `null` if no user is.
async fn name(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"]["name"].clone()
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn is(answer: &Answer, status: u16, name: &str) -> bool {
    code(answer) == (status, name.to_owned())
}

/// Without the plugin, its routes do not exist, and its table is not created.
#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for path in [
        "generate-register-options",
        "generate-authenticate-options",
        "list-user-passkeys",
    ] {
        assert_eq!(get(&ada, path).await.status, 404, "{path}");
    }
    for path in [
        "verify-registration",
        "verify-authentication",
        "delete-passkey",
        "update-passkey",
    ] {
        assert_eq!(post(&ada, path, json!({})).await.status, 404, "{path}");
    }
    let table = "select 1 from information_schema.tables where table_name = 'passkey'";
    assert_eq!(server.rows(table), 0);
}

//! Observations that several proofs share.

use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

pub(super) const ADA: &str = "ada@example.com";
pub(super) const PASSWORD: &str = "password1234";

/// Signs Ada up, with the members of `more` in the body.
pub(super) async fn sign_up(server: &TestServer, more: Value) -> (Caller, Answer) {
    let mut body = json!({ "name": "Ada", "email": ADA, "password": PASSWORD });
    let members = body.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    let caller = server.anonymous();
    let answer = caller.post("/sign-up/email", &body).send().await;
    (caller, answer)
}

/// Signs in with this address and password.
pub(super) async fn sign_in(caller: &Caller, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    caller.post("/sign-in/email", &body).send().await
}

/// The whole answer to Ada's sign-up.
pub(super) async fn signing_up(server: &TestServer) -> String {
    sign_up(server, json!({})).await.1.to_string()
}

/// The whole answer to Ada's sign-in.
pub(super) async fn signing_in(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    sign_in(&server.anonymous(), ADA, PASSWORD).await.to_string()
}

/// The answer of `get-session` after Ada's sign-up.
pub(super) async fn session(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    ada.get("/get-session").send().await.to_string()
}

/// The messages so far: kind, recipient and link.
pub(super) async fn sent_messages(server: &TestServer) -> String {
    server.wait_until_delivered().await;
    let sent_messages = server.mailbox.messages();
    let lines = sent_messages
        .iter()
        .map(|message| format!("{:?} to {}: {}\n", message.kind, message.to, message.url));
    lines.collect()
}

//! Proofs of the keys of `user`.

use chrono::TimeDelta;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::{ADA, sent_messages, session, sign_up},
    proof::{Proof, server},
};

const CHANGE: &str = "user.change_email.enabled";
const DELETE: &str = "user.delete_user.enabled";

/// The answer to Ada's change of address, the messages that it causes, and Ada's address afterwards.
async fn changing(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let answer = ada
        .post("/change-email", &json!({ "newEmail": "new@example.com" }))
        .send()
        .await;
    let address = server.shown(r#"select email from "user""#);
    format!("{answer}\n{}{address:?}", sent_messages(server).await)
}

/// The messages of the same change if Ada's address is verified.
async fn changing_a_proven_one(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    ada.post("/change-email", &json!({ "newEmail": "new@example.com" }))
        .send()
        .await;
    sent_messages(server).await
}

/// The answer to Ada's deletion, and the messages that it causes.
async fn deleting(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let answer = ada.post("/delete-user", &json!({})).send().await;
    format!("{answer}\n{}", sent_messages(server).await)
}

/// The answer to the link that deletes Ada, after two minutes.
async fn following_late(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    ada.post("/delete-user", &json!({})).send().await;
    let message = server.mailbox.next(ADA).await;
    server.clock.advance(TimeDelta::minutes(2));
    ada.call("GET", &message.path()).send().await.to_string()
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        server(
            "user.additional_fields",
            r#"{"plan": {"type": "string", "default": "free"}}"#,
            session,
            ["", r#""plan":"free""#],
        ),
        server(CHANGE, "true", changing, ["400\n", r#"{"status":true}"#]),
        server(
            "user.change_email.confirmation",
            "false",
            changing_a_proven_one,
            ["ChangeEmail to ada@example.com", "VerifyEmail to new@example.com"],
        )
        .with(CHANGE, "true"),
        server(
            "user.change_email.update_email_without_verification",
            "true",
            changing,
            [r#"Some("ada@example.com")"#, r#"Some("new@example.com")"#],
        )
        .with(CHANGE, "true"),
        server(DELETE, "true", deleting, ["404\n", "User deleted"]),
        server(
            "user.delete_user.verification",
            "true",
            deleting,
            ["User deleted", "DeleteAccount to ada@example.com"],
        )
        .with(DELETE, "true"),
        server(
            "user.delete_user.delete_token_expires_in",
            "60",
            following_late,
            ["302\n", "INVALID_TOKEN"],
        )
        .with(DELETE, "true")
        .with("user.delete_user.verification", "true"),
    ]
}

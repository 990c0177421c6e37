//! Proofs of the keys of `email_and_password` and `email_verification`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::json;

use super::{
    looks::{ADA, PASSWORD, sent_messages, sign_in, sign_up, signing_in, signing_up},
    proof::{Proof, server},
};

const REQUIRED: &str = "email_and_password.require_email_verification";
const ON_SIGN_UP: &str = "email_verification.send_on_sign_up";

/// Requests a reset for Ada, and sets a new password with its token after `minutes`.
async fn reset(server: &TestServer, minutes: i64) -> (Caller, Answer) {
    let (ada, _) = sign_up(server, json!({})).await;
    ada.post("/request-password-reset", &json!({ "email": ADA }))
        .send()
        .await;
    let message = server.mailbox.next(ADA).await;
    server.clock.advance(TimeDelta::minutes(minutes));
    let body = json!({ "token": message.token, "newPassword": "password5678" });
    let answer = ada.post("/reset-password", &body).send().await;
    (ada, answer)
}

async fn resetting_late(server: &TestServer) -> String {
    reset(server, 2).await.1.to_string()
}

/// The answer of `get-session` after the password was reset.
async fn session_after_reset(server: &TestServer) -> String {
    let (ada, _) = reset(server, 0).await;
    format!("body: {}", ada.get("/get-session").send().await.body)
}

/// The messages that a sign-up causes.
async fn messages_of_sign_up(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    format!("messages: {}", sent_messages(server).await)
}

/// The status of a sign-in after a sign-up, and the messages that both cause.
async fn messages_of_sign_in(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    let answer = sign_in(&server.anonymous(), ADA, PASSWORD).await;
    format!("{}: {}", answer.status, sent_messages(server).await)
}

/// The answer to the link that verifies Ada's address, `minutes` after it was sent.
async fn follow(server: &TestServer, minutes: i64) -> String {
    sign_up(server, json!({})).await;
    let message = server.mailbox.next(ADA).await;
    server.clock.advance(TimeDelta::minutes(minutes));
    let path = format!("/verify-email?token={}", message.token);
    server.anonymous().get(&path).send().await.to_string()
}

async fn following(server: &TestServer) -> String {
    follow(server, 0).await
}

async fn following_late(server: &TestServer) -> String {
    follow(server, 2).await
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = passwords();
    proofs.extend(verification());
    proofs
}

fn passwords() -> Vec<Proof> {
    vec![
        server(
            "email_and_password.enabled",
            "false",
            signing_in,
            ["200\n", "400\n"],
        ),
        server(
            "email_and_password.disable_sign_up",
            "true",
            signing_up,
            ["200\n", "400\n"],
        ),
        server(
            "email_and_password.min_password_length",
            "13",
            signing_up,
            ["200\n", "PASSWORD_TOO_SHORT"],
        ),
        server(
            "email_and_password.max_password_length",
            "11",
            signing_up,
            ["200\n", "PASSWORD_TOO_LONG"],
        ),
        server(
            "email_and_password.reject_common_passwords",
            "true",
            signing_up,
            ["200\n", "PASSWORD_COMPROMISED"],
        ),
        server(
            "email_and_password.auto_sign_in",
            "false",
            signing_up,
            ["session_token", r#""token":null"#],
        ),
        server(REQUIRED, "true", signing_in, ["200\n", "EMAIL_NOT_VERIFIED"]),
        server(
            "email_and_password.reset_password_token_expires_in",
            "60",
            resetting_late,
            [r#"{"status":true}"#, "INVALID_TOKEN"],
        ),
        server(
            "email_and_password.revoke_sessions_on_password_reset",
            "false",
            session_after_reset,
            ["body: null", r#""email":"ada@example.com""#],
        ),
    ]
}

fn verification() -> Vec<Proof> {
    vec![
        server(
            ON_SIGN_UP,
            "true",
            messages_of_sign_up,
            ["", "VerifyEmail to ada@example.com"],
        ),
        server(
            "email_verification.send_on_sign_in",
            "true",
            messages_of_sign_in,
            ["", "VerifyEmail to ada@example.com"],
        )
        .with(REQUIRED, "true")
        .with(ON_SIGN_UP, "false"),
        server(
            "email_verification.auto_sign_in_after_verification",
            "true",
            following,
            ["", "session_token="],
        )
        .with(ON_SIGN_UP, "true"),
        server(
            "email_verification.expires_in",
            "60",
            following_late,
            [r#""status":true"#, "TOKEN_EXPIRED"],
        )
        .with(ON_SIGN_UP, "true"),
    ]
}

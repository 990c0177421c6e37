//! `POST /sign-in/email`.

use std::time::Duration;

use insta::assert_snapshot;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

fn right() -> Value {
    json!({ "email": "ada@example.com", "password": "password1234" })
}

async fn sign_in(server: &TestServer, body: Value) -> Answer {
    server.anonymous().post("/sign-in/email", &body).send().await
}

#[tokio::test]
async fn the_right_password_signs_in() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    assert_snapshot!(sign_in(&server, right()).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD.3RvNOFWWqZRCmxPPSYihZtoRm3%2FEm6ITNMeGd2eWhTg%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"redirect":false,"token":"w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD","user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn a_callback_url_is_answered_and_not_followed() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let body = json!({ "email": "ada@example.com", "password": "password1234", "callbackURL": "/home?a=b", "rememberMe": false });
    assert_snapshot!(sign_in(&server, body).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    location: /home?a=b
    set-cookie: better-auth.session_token=w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD.3RvNOFWWqZRCmxPPSYihZtoRm3%2FEm6ITNMeGd2eWhTg%3D; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D; Path=/; HttpOnly; SameSite=Lax
    {"redirect":true,"token":"w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD","url":"/home?a=b","user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

/// The answers to a wrong password, an unknown address and an account without a password are byte-identical and are
/// sent after the same time.
#[tokio::test]
async fn sign_in_does_not_reveal_which_addresses_are_registered() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.signed_up("social").await;
    server.execute("delete from account where \"userId\" = (select id from \"user\" where name = 'social')");
    let mut shown = Vec::new();
    for email in ["ada@example.com", "unknown@example.com", "social@example.com"] {
        let answer = sign_in(&server, json!({ "email": email, "password": "password9999" })).await;
        shown.push(answer.to_string());
    }
    assert_snapshot!(shown[0], @r#"
    401
    content-type: application/json
    {"code":"INVALID_EMAIL_OR_PASSWORD","message":"Invalid email or password"}
    "#);
    assert_eq!((&shown[1], &shown[2]), (&shown[0], &shown[0]));
    assert_eq!(server.clock.slept(), [Duration::from_millis(300); 3]);
}

#[tokio::test]
async fn every_issue_of_a_body_is_reported_at_once() {
    let server = TestServer::start();
    assert_snapshot!(sign_in(&server, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined"}
    "#);
    assert_snapshot!(sign_in(&server, json!({ "email": 1, "password": null, "rememberMe": "no" })).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.email] Invalid input: expected string, received number; [body.password] Invalid input: expected string, received null; [body.rememberMe] Invalid input: expected boolean, received string"}
    "#);
    assert_snapshot!(sign_in(&server, json!({ "email": "no", "password": "password1234" })).await, @r#"
    400
    content-type: application/json
    {"code":"INVALID_EMAIL","message":"Invalid email"}
    "#);
}

/// A password that no user could have set costs no hashing.
#[tokio::test]
async fn a_password_that_is_too_long_is_refused() {
    let server = TestServer::start();
    assert_snapshot!(sign_in(&server, json!({ "email": "a@example.com", "password": "x".repeat(129) })).await, @r#"
    400
    content-type: application/json
    {"code":"PASSWORD_TOO_LONG","message":"Password too long"}
    "#);
}

#[tokio::test]
async fn sign_in_is_rejected_if_email_and_password_is_disabled() {
    let server = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__ENABLED", "false")
        .start();
    assert_snapshot!(sign_in(&server, right()).await, @r#"
    400
    content-type: application/json
    {"code":"EMAIL_AND_PASSWORD_IS_NOT_ENABLED","message":"Email and password is not enabled"}
    "#);
}

/// Session fixation: the session that a client presents is never reused.
#[tokio::test]
async fn signing_in_always_starts_a_new_session() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    let planted = caller.cookies();
    let answer = caller.post("/sign-in/email", &right()).send().await;
    assert_eq!(answer.status, 200);
    assert_ne!(caller.cookies(), planted);
    assert_eq!(server.rows("select distinct token from session"), 2);
}

#[tokio::test]
async fn a_better_auth_hash_signs_in_and_is_replaced() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.execute(&format!("update account set password = '{REFERENCE_HASH}'"));
    assert_eq!(
        sign_in(
            &server,
            json!({ "email": "ada@example.com", "password": "password123" })
        )
        .await
        .status,
        200
    );
    assert_eq!(
        server.rows("select 1 from account where password like '$argon2id$%'"),
        1
    );
    assert_eq!(
        sign_in(
            &server,
            json!({ "email": "ada@example.com", "password": "password123" })
        )
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn in_a_shared_database_hashes_have_better_auths_format() {
    let server = TestServer::with()
        .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
        .start();
    server.signed_up("ada").await;
    assert_eq!(
        server.rows("select 1 from account where password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$'"),
        1
    );
    assert_eq!(sign_in(&server, right()).await.status, 200);
}

/// `password123`, as Better Auth 1.4.22 stored it.
const REFERENCE_HASH: &str = "000102030405060708090a0b0c0d0e0f:eedf8cd62212c4ef27d18a5f1f23f875e2571a8d6bc3cea577255d2cfe8729d8d4646badd72958bccbc96ef736af3a9cc0a4735cee8541bee27d392aeafffc3c";

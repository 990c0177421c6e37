//! `POST /request-password-reset`, `GET /reset-password/:token`, `POST /reset-password`.

use std::time::Duration;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

async fn request(server: &TestServer, body: Value) -> Answer {
    server
        .anonymous()
        .post("/request-password-reset", &body)
        .send()
        .await
}

/// Requests a reset for Ada and returns the token from the mail.
async fn reset_token(server: &TestServer) -> String {
    assert_eq!(request(server, json!({ "email": ADA })).await.status, 200);
    server.mailbox.next(ADA).await.token
}

async fn reset(caller: &Caller, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "newPassword": password });
    caller.post("/reset-password", &body).send().await
}

async fn sign_in(server: &TestServer, password: &str) -> u16 {
    let body = json!({ "email": ADA, "password": password });
    server
        .anonymous()
        .post("/sign-in/email", &body)
        .send()
        .await
        .status
}

#[tokio::test]
async fn a_reset_link_sets_a_new_password_and_ends_every_session() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let asked = request(
        &server,
        json!({ "email": "Ada@Example.com", "redirectTo": "/reset" }),
    )
    .await;
    assert_snapshot!(asked, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true,"message":"If this email exists in our system, check your email for the reset link"}
    "#);
    let message = server.mailbox.next(ADA).await;
    assert_eq!(message.kind, MessageKind::ResetPassword);
    assert_eq!(message.token.len(), 24);
    assert_eq!(
        message.url,
        format!(
            "http://localhost:3000/api/auth/reset-password/{}?callbackURL=%2Freset",
            message.token
        )
    );

    let followed = server.anonymous().call("GET", &message.path()).send().await;
    assert_eq!(followed.status, 302);
    assert_eq!(
        followed.header("location"),
        Some(format!("http://localhost:3000/reset?token={}", message.token).as_str())
    );
    assert_snapshot!(reset(&server.anonymous(), &message.token, "password5678").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"status":true}
    "#);
    assert_eq!(ada.get("/get-session").send().await.body, "null");
    assert_eq!(sign_in(&server, "password1234").await, 401);
    assert_eq!(sign_in(&server, "password5678").await, 200);
    assert_snapshot!(reset(&server.anonymous(), &message.token, "password9999").await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"INVALID_TOKEN","message":"Invalid token"}
    "#);
    let followed = server.anonymous().call("GET", &message.path()).send().await;
    assert_eq!(
        followed.header("location"),
        Some("http://localhost:3000/reset?error=INVALID_TOKEN")
    );
}

#[tokio::test]
async fn sessions_survive_a_reset_if_configured() {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REVOKE_SESSIONS_ON_PASSWORD_RESET",
            "false",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let token = reset_token(&server).await;
    assert_eq!(
        reset(&server.anonymous(), &token, "password5678").await.status,
        200
    );
    assert_eq!(ada.get("/get-session").send().await.json()["user"]["email"], ADA);
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer_after_the_same_time() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let before = server.clock.slept().len();
    let known = request(&server, json!({ "email": ADA })).await;
    let unknown = request(&server, json!({ "email": "unknown@example.com" })).await;
    assert_eq!(known.to_string(), unknown.to_string());
    assert_eq!(server.clock.slept()[before..], [Duration::from_millis(300); 2]);
    server.mailbox.next(ADA).await;
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
}

#[tokio::test]
async fn an_invalid_request_is_rejected_and_sends_no_message() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    assert_snapshot!(request(&server, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.email] Invalid input: expected string, received undefined"}
    "#);
    assert_snapshot!(request(&server, json!({ "email": "no", "redirectTo": 1 })).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.email] Invalid email address; [body.redirectTo] Invalid input: expected string, received number"}
    "#);
    assert_snapshot!(request(&server, json!({ "email": ADA, "redirectTo": "https://evil.test" })).await, @r#"
    403
    content-type: application/json
    {"code":"INVALID_REDIRECTURL","message":"Invalid redirectURL"}
    "#);
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
    assert_eq!(server.rows("select from verification"), 0);
}

#[tokio::test]
async fn without_a_transport_no_password_can_be_reset() {
    let server = TestServer::with()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    server.signed_up("ada").await;
    assert_snapshot!(request(&server, json!({ "email": ADA })).await, @r#"
    400
    content-type: application/json
    {"code":"RESET_PASSWORD_ISNT_ENABLED","message":"Reset password isn't enabled"}
    "#);
}

#[tokio::test]
async fn a_rejected_password_leaves_the_token_valid() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let (token, caller) = (reset_token(&server).await, server.anonymous());
    assert_snapshot!(reset(&caller, &token, "short").await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"PASSWORD_TOO_SHORT","message":"Password too short"}
    "#);
    assert_snapshot!(reset(&caller, &token, &"x".repeat(129)).await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"PASSWORD_TOO_LONG","message":"Password too long"}
    "#);
    assert_snapshot!(caller.post("/reset-password", &json!({ "newPassword": "password5678" })).send().await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"INVALID_TOKEN","message":"Invalid token"}
    "#);
    assert_snapshot!(caller.post("/reset-password", &json!({ "token": 1 })).send().await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"VALIDATION_ERROR","message":"[body.newPassword] Invalid input: expected string, received undefined; [body.token] Invalid input: expected string, received number"}
    "#);
    let by_query = caller.post(
        &format!("/reset-password?token={token}"),
        &json!({ "newPassword": "password5678" }),
    );
    assert_eq!(by_query.send().await.status, 200);
}

#[tokio::test]
async fn an_expired_reset_link_is_rejected() {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__RESET_PASSWORD_TOKEN_EXPIRES_IN",
            "60",
        )
        .start();
    server.signed_up("ada").await;
    let token = reset_token(&server).await;
    server
        .clock
        .advance(TimeDelta::seconds(60) + TimeDelta::milliseconds(1));
    assert_eq!(
        reset(&server.anonymous(), &token, "password5678").await.code(),
        "INVALID_TOKEN"
    );
    let token = reset_token(&server).await;
    server.clock.advance(TimeDelta::seconds(60));
    assert_eq!(
        reset(&server.anonymous(), &token, "password5678").await.status,
        200
    );
}

#[tokio::test]
async fn a_reset_revokes_every_other_token_of_the_user() {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let (first, second) = (reset_token(&server).await, reset_token(&server).await);
    ada.post("/change-email", &json!({ "newEmail": "eve@example.com" }))
        .send()
        .await;
    let change = server.mailbox.next("eve@example.com").await;
    assert_eq!(
        reset(&server.anonymous(), &second, "password5678").await.status,
        200
    );
    assert_eq!(
        reset(&server.anonymous(), &first, "password9999").await.code(),
        "INVALID_TOKEN"
    );
    let followed = server
        .anonymous()
        .get(&format!("/verify-email?token={}", change.token))
        .send()
        .await;
    assert_eq!(followed.code(), "INVALID_TOKEN");
}

#[tokio::test]
async fn a_reset_creates_a_credential_account_if_there_is_none() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.execute("delete from account");
    let token = reset_token(&server).await;
    assert_eq!(
        reset(&server.anonymous(), &token, "password5678").await.status,
        200
    );
    assert_eq!(sign_in(&server, "password5678").await, 200);
    assert_eq!(
        server.rows(r#"select from account where "providerId" = 'credential'"#),
        1
    );
}

/// After too many failed sign-ins, the owner can sign in again by resetting the password.
#[tokio::test]
async fn a_reset_clears_failed_sign_ins() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__FAILED_SIGN_INS", "1")
        .start();
    server.signed_up("ada").await;
    server.execute("delete from portcullis_known_address");
    assert_eq!(sign_in(&server, "wrong-password").await, 401);
    assert_eq!(sign_in(&server, "password1234").await, 429);
    let token = reset_token(&server).await;
    assert_eq!(
        reset(&server.anonymous(), &token, "password5678").await.status,
        200
    );
    server.clock.advance(TimeDelta::seconds(11));
    assert_eq!(sign_in(&server, "password5678").await, 200);
}

#[tokio::test]
async fn a_reset_link_redirects_only_to_trusted_urls() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let (token, caller) = (reset_token(&server).await, server.anonymous());
    let follow = async |query: &str| {
        caller
            .get(&format!("/reset-password/{token}{query}"))
            .send()
            .await
    };
    assert_snapshot!(follow("").await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"VALIDATION_ERROR","message":"[query.callbackURL] Invalid input: expected string, received undefined"}
    "#);
    let form = follow("?callbackURL=").await;
    assert!(
        form.status == 200 && form.body.contains("Set a new password"),
        "{form}"
    );
    assert_snapshot!(follow("?callbackURL=https://evil.test").await, @r#"
    403
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"INVALID_CALLBACKURL","message":"Invalid callbackURL"}
    "#);
    assert_snapshot!(follow("?callbackURL=/a&callbackURL=/b").await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"VALIDATION_ERROR","message":"[query.callbackURL] Invalid input: expected string, received array"}
    "#);
    let kept = follow("?callbackURL=https%3A%2F%2Fapp.example.com%2Fx%3Fa%3D1%26token%3Dold%23f").await;
    let expected = format!("https://app.example.com/x?a=1&token={token}#f");
    assert_eq!(kept.header("location"), Some(expected.as_str()));
}

/// CVE-2025-71401: the host in links came from request headers.
#[tokio::test]
async fn a_link_leads_to_the_configured_host_whatever_the_request_headers() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let body = json!({ "email": ADA });
    let asked = server.anonymous();
    for header in ["host", "x-forwarded-host", "forwarded", "x-original-host"] {
        let call = asked.post("/request-password-reset", &body);
        call.header(header, "evil.test")
            .header("x-forwarded-proto", "https")
            .send()
            .await;
        let message = server.mailbox.next(ADA).await;
        assert!(
            message.url.starts_with("http://localhost:3000/api/auth/"),
            "{header}: {}",
            message.url
        );
    }
}

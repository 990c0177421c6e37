//! `POST /delete-user`, `GET /delete-user/callback`.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

fn enabled() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
}

fn with_verification() -> TestServerBuilder {
    enabled().set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
}

async fn delete(caller: &Caller, body: Value) -> Answer {
    caller.post("/delete-user", &body).send().await
}

fn assert_gone(server: &TestServer) {
    for table in [r#""user""#, "session", "account", "verification"] {
        assert_eq!(server.rows(&format!("select from {table}")), 0, "{table}");
    }
}

#[tokio::test]
async fn a_fresh_session_deletes_the_user_with_all_rows() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    let other = server.signed_in("ada").await;
    assert_snapshot!(delete(&ada, json!({})).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true,"message":"User deleted"}
    "#);
    assert_gone(&server);
    assert_eq!(other.get("/get-session").send().await.body, "null");
}

#[tokio::test]
async fn deletion_in_an_old_session_requires_the_password() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    server
        .clock
        .advance(TimeDelta::days(1) + TimeDelta::milliseconds(1));
    assert_snapshot!(delete(&ada, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"SESSION_EXPIRED_REAUTHENTICATE_TO_PERFORM_THIS_ACTION","message":"Session expired. Re-authenticate to perform this action."}
    "#);
    assert_snapshot!(delete(&ada, json!({ "password": "wrong-password" })).await, @r#"
    400
    content-type: application/json
    {"code":"INVALID_PASSWORD","message":"Invalid password"}
    "#);
    assert_eq!(
        delete(&ada, json!({ "password": "password1234" })).await.status,
        200
    );
    assert_gone(&server);
}

#[tokio::test]
async fn any_session_can_delete_the_user_if_fresh_age_is_zero() {
    let server = enabled().set("PORTCULLIS_SESSION__FRESH_AGE", "0").start();
    let ada = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(6));
    assert_eq!(delete(&ada, json!({})).await.status, 200);
}

#[tokio::test]
async fn the_link_in_the_mail_deletes_the_user() {
    let server = with_verification().start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "password": "password1234", "callbackURL": "/bye?a=b" });
    assert_snapshot!(delete(&ada, body).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"success":true,"message":"Verification email sent"}
    "#);
    let message = server.mailbox.next("ada@example.com").await;
    assert_eq!(
        (message.kind, message.token.len()),
        (MessageKind::DeleteAccount, 32)
    );
    assert!(
        message
            .url
            .starts_with("http://localhost:3000/api/auth/delete-user/callback?token=")
    );

    let stranger = server.anonymous().call("GET", &message.path()).send().await;
    assert_snapshot!(stranger, @r#"
    404
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"FAILED_TO_GET_USER_INFO","message":"Failed to get user info"}
    "#);
    assert_snapshot!(ada.call("GET", &message.path()).send().await, @"
    302
    cache-control: no-store
    content-type: application/json
    location: /bye?a=b
    referrer-policy: no-referrer
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    ");
    assert_gone(&server);
}

#[tokio::test]
async fn the_token_is_accepted_in_a_body_and_deletion_clears_every_cookie() {
    let server = with_verification().start();
    let ada = server.signed_up("ada").await;
    delete(&ada, json!({})).await;
    let message = server.mailbox.next("ada@example.com").await;
    assert_snapshot!(delete(&ada, json!({ "token": "made-up" })).await, @r#"
    404
    content-type: application/json
    {"code":"INVALID_TOKEN","message":"Invalid token"}
    "#);
    assert_snapshot!(delete(&ada, json!({ "token": message.token })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true,"message":"User deleted"}
    "#);
    assert_gone(&server);
}

#[tokio::test]
async fn an_expired_deletion_link_is_rejected() {
    let server = with_verification()
        .set("PORTCULLIS_USER__DELETE_USER__DELETE_TOKEN_EXPIRES_IN", "60")
        .start();
    let ada = server.signed_up("ada").await;
    delete(&ada, json!({})).await;
    let message = server.mailbox.next("ada@example.com").await;
    server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(
        ada.call("GET", &message.path()).send().await.code(),
        "INVALID_TOKEN"
    );
    assert_eq!(server.rows(r#"select from "user""#), 1);
}

#[tokio::test]
async fn deletion_by_password_is_rejected_for_a_user_without_one() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    server.execute("update account set password = null");
    assert_snapshot!(delete(&ada, json!({ "password": "password1234" })).await, @r#"
    400
    content-type: application/json
    {"code":"CREDENTIAL_ACCOUNT_NOT_FOUND","message":"Credential account not found"}
    "#);
}

#[tokio::test]
async fn the_routes_answer_404_if_deletion_is_disabled() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(delete(&ada, json!({})).await, @"
    404
    content-type: application/json
    ");
    assert_snapshot!(ada.get("/delete-user/callback?token=x").send().await, @"
    404
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    ");
    assert_snapshot!(delete(&server.anonymous(), json!({})).await, @"
    401
    content-type: application/json
    ");
}

/// CVE-2026-67334: a session must not outlive its user.
#[tokio::test]
async fn a17_sessions_of_a_deleted_user_end_and_their_cookie_cache_grants_nothing() {
    for encoding in ["compact", "jwt", "jwe"] {
        let server = enabled()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .start();
        let ada = server.signed_up("ada").await;
        let other = server.signed_in("ada").await;
        let cookies = other.cookies();
        assert_eq!(delete(&ada, json!({})).await.status, 200);

        let read = server.anonymous();
        let list = read.get("/list-sessions").header("cookie", &cookies).send().await;
        assert_eq!((list.status, list.cookies().count()), (401, 0));
        let update = read
            .post("/update-user", &json!({ "name": "x" }))
            .header("cookie", &cookies);
        assert_eq!(update.send().await.status, 401);
        // `get-session` may return the cached session until the cache expires, but never renews it.
        let shown = read.get("/get-session").header("cookie", &cookies).send().await;
        assert_eq!(shown.cookies().count(), 0, "{shown}");
        let fresh = read
            .get("/get-session?disableCookieCache=1")
            .header("cookie", &cookies);
        assert_eq!(fresh.send().await.body, "null");
        server
            .clock
            .advance(TimeDelta::minutes(5) + TimeDelta::milliseconds(1));
        let late = read.get("/get-session").header("cookie", &cookies).send().await;
        assert_eq!(late.body, "null");
    }
}

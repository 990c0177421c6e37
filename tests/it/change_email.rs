//! `POST /change-email`, in each of its branches.

use std::time::Duration;

use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

const OLD: &str = "ada@example.com";
const NEW: &str = "countess@example.com";

fn enabled() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
}

async fn change(caller: &Caller, to: &str) -> Answer {
    let body = json!({ "newEmail": to, "callbackURL": "/changed?a=b" });
    caller.post("/change-email", &body).send().await
}

async fn follow(caller: &Caller, token: &str) -> Answer {
    caller.get(&format!("/verify-email?token={token}")).send().await
}

fn verify(server: &TestServer) {
    server.execute(r#"update "user" set "emailVerified" = true"#);
}

async fn email(caller: &Caller) -> String {
    let session = caller.get("/get-session").send().await.json();
    session["user"]["email"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_change_is_confirmed_at_a_verified_old_address_and_then_at_the_new_one() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    verify(&server);
    assert_snapshot!(change(&ada, "Countess@Example.com").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    let confirmation = server.mailbox.next(OLD).await;
    assert_eq!(confirmation.kind, MessageKind::ChangeEmail);
    assert!(
        confirmation.url.ends_with("&callbackURL=%2Fchanged%3Fa%3Db"),
        "{}",
        confirmation.url
    );

    let stranger = server.anonymous();
    let confirmed = stranger.call("GET", &confirmation.path()).send().await;
    assert_eq!(
        (confirmed.status, confirmed.header("location")),
        (302, Some("/changed?a=b"))
    );
    assert_eq!(email(&ada).await, OLD);
    let proof = server.mailbox.next(NEW).await;
    assert_eq!(proof.kind, MessageKind::VerifyEmail);
    assert_snapshot!(follow(&ada, &proof.token).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"status":true,"user":{"name":"ada","email":"countess@example.com","emailVerified":true,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(email(&ada).await, NEW);
    assert_eq!(follow(&stranger, &proof.token).await.code(), "USER_NOT_FOUND");
}

#[tokio::test]
async fn an_unverified_old_address_gets_no_confirmation() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    assert_eq!(change(&ada, NEW).await.status, 200);
    let proof = server.mailbox.next(NEW).await;
    assert_eq!(proof.kind, MessageKind::VerifyEmail);
    // The link does not sign in a client without a session.
    let answer = follow(&server.anonymous(), &proof.token).await;
    assert_eq!((answer.status, answer.cookies().count()), (200, 0));
    assert_eq!(answer.json()["user"]["email"], NEW);
    assert_eq!(
        server.rows("select from \"user\" where email = 'countess@example.com'"),
        1
    );
}

#[tokio::test]
async fn the_old_address_gets_no_confirmation_if_confirmation_is_disabled() {
    let server = enabled()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__CONFIRMATION", "false")
        .start();
    let ada = server.signed_up("ada").await;
    verify(&server);
    change(&ada, NEW).await;
    assert_eq!(server.mailbox.next(NEW).await.kind, MessageKind::VerifyEmail);
}

#[tokio::test]
async fn an_unverified_address_is_changed_at_once_if_configured() {
    let server = enabled()
        .set(
            "PORTCULLIS_USER__CHANGE_EMAIL__UPDATE_EMAIL_WITHOUT_VERIFICATION",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let changed = change(&ada, NEW).await;
    assert_eq!((changed.status, changed.cookies().count()), (200, 1));
    assert_eq!(email(&ada).await, NEW);
    let proof = server.mailbox.next(NEW).await;
    assert_eq!(follow(&ada, &proof.token).await.status, 200);
    assert_eq!(server.rows(r#"select from "user" where "emailVerified""#), 1);
    change(&ada, OLD).await;
    assert_eq!(server.mailbox.next(NEW).await.kind, MessageKind::ChangeEmail);
}

/// better-auth#8097: the answer must not reveal whether an address is taken.
#[tokio::test]
async fn change_email_answers_the_same_for_a_taken_and_a_free_address() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    server.signed_up("eve").await;
    let before = server.clock.slept().len();
    let (taken, free) = (change(&ada, "eve@example.com").await, change(&ada, NEW).await);
    assert_eq!(taken.to_string(), free.to_string());
    assert_eq!(server.clock.slept()[before..], [Duration::from_millis(300); 2]);
    server.mailbox.next(NEW).await;
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
}

#[tokio::test]
async fn a_change_to_an_address_taken_meanwhile_is_rejected() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    change(&ada, "eve@example.com").await;
    let proof = server.mailbox.next("eve@example.com").await;
    server.signed_up("eve").await;
    assert_eq!(follow(&ada, &proof.token).await.code(), "INVALID_TOKEN");
    assert_eq!(email(&ada).await, OLD);
}

#[tokio::test]
async fn another_signed_in_user_cannot_follow_a_change_link() {
    let server = enabled().start();
    let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
    change(&ada, NEW).await;
    let proof = server.mailbox.next(NEW).await;
    assert_snapshot!(follow(&eve, &proof.token).await, @r#"
    401
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"UNAUTHORIZED","message":"unauthorized"}
    "#);
    assert_eq!(follow(&ada, &proof.token).await.status, 200);
}

#[tokio::test]
async fn a_confirmation_link_is_valid_once() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    verify(&server);
    change(&ada, NEW).await;
    let confirmation = server.mailbox.next(OLD).await;
    assert_eq!(follow(&ada, &confirmation.token).await.status, 200);
    assert_eq!(follow(&ada, &confirmation.token).await.code(), "INVALID_TOKEN");
    server.mailbox.next(NEW).await;
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
}

#[tokio::test]
async fn notices_are_sent_after_a_change_of_address_and_of_password() {
    let server = enabled().set("PORTCULLIS_DELIVERY__NOTICES", "true").start();
    let ada = server.signed_up("ada").await;
    change(&ada, NEW).await;
    let proof = server.mailbox.next(NEW).await;
    follow(&ada, &proof.token).await;
    assert_eq!(server.mailbox.next(OLD).await.kind, MessageKind::EmailChanged);
    let body = json!({ "currentPassword": "password1234", "newPassword": "password5678" });
    ada.post("/change-password", &body).send().await;
    assert_eq!(server.mailbox.next(NEW).await.kind, MessageKind::PasswordChanged);
}

#[tokio::test]
async fn each_rejection_has_its_code() {
    let server = enabled().start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(change(&ada, "ADA@example.com").await, @r#"
    400
    content-type: application/json
    {"code":"EMAIL_IS_THE_SAME","message":"Email is the same"}
    "#);
    assert_snapshot!(change(&ada, "no").await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.newEmail] Invalid email address"}
    "#);
    assert_snapshot!(change(&server.anonymous(), NEW).await, @"
    401
    content-type: application/json
    ");
    let disabled = TestServer::start();
    assert_snapshot!(change(&disabled.signed_up("ada").await, NEW).await, @r#"
    400
    content-type: application/json
    {"code":"CHANGE_EMAIL_IS_DISABLED","message":"Change email is disabled"}
    "#);
}

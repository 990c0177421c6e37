//! `POST /send-verification-email`, `GET /verify-email`, and sign-in that requires a verified address.

use std::time::Duration;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

const ADA: &str = "ada@example.com";
const VERIFIED: &str = r#"select from "user" where "emailVerified""#;

/// A server on which sign-in requires a verified address.
fn strict() -> TestServerBuilder {
    TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_IN", "true")
}

async fn sign_up(server: &TestServer, name: &str) -> Answer {
    let body =
        json!({ "name": name, "email": ADA, "password": "password1234", "callbackURL": "/welcome?a=b" });
    server.anonymous().post("/sign-up/email", &body).send().await
}

async fn sign_in(caller: &Caller, password: &str) -> Answer {
    let body = json!({ "email": ADA, "password": password, "callbackURL": "/in" });
    caller.post("/sign-in/email", &body).send().await
}

async fn follow(caller: &Caller, token: &str, callback: &str) -> Answer {
    caller
        .get(&format!("/verify-email?token={token}{callback}"))
        .send()
        .await
}

async fn ask(caller: &Caller) -> Answer {
    caller
        .post("/send-verification-email", &json!({ "email": ADA }))
        .send()
        .await
}

#[tokio::test]
async fn a_user_can_sign_in_after_following_the_verification_link() {
    let server = strict().start();
    assert_snapshot!(sign_up(&server, "Ada").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"token":null,"user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(server.rows("select from session"), 0);
    let message = server.mailbox.next(ADA).await;
    assert_eq!(message.kind, MessageKind::VerifyEmail);
    assert!(
        message.url.ends_with("&callbackURL=%2Fwelcome%3Fa%3Db"),
        "{}",
        message.url
    );

    let caller = server.anonymous();
    assert_snapshot!(sign_in(&caller, "password1234").await, @r#"
    403
    content-type: application/json
    {"code":"EMAIL_NOT_VERIFIED","message":"Email not verified"}
    "#);
    let again = server.mailbox.next(ADA).await;
    assert!(again.url.ends_with("&callbackURL=%2Fin"), "{}", again.url);
    assert_eq!(
        sign_in(&caller, "wrong-password").await.code(),
        "INVALID_EMAIL_OR_PASSWORD"
    );

    let followed = caller.call("GET", &message.path()).send().await;
    assert_eq!(
        (followed.status, followed.header("location")),
        (302, Some("/welcome?a=b"))
    );
    assert_eq!(followed.cookies().count(), 0);
    assert_eq!(server.rows(VERIFIED), 1);
    assert_eq!(sign_in(&caller, "password1234").await.status, 200);
}

#[tokio::test]
async fn a_verification_link_signs_in_once_if_configured() {
    let server = strict()
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start();
    sign_up(&server, "Ada").await;
    let token = server.mailbox.next(ADA).await.token;
    let caller = server.anonymous();
    assert_snapshot!(follow(&caller, &token, "").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    set-cookie: better-auth.session_token=WX7CRWWvDpOPjJa7y743YvIovQSVN7Qd.Tzvh01h4Wjww3JH1aFRDViQWHX%2FN62c6qZFuCWstpVo%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"status":true,"user":null}
    "#);
    assert_eq!(
        caller.get("/get-session").send().await.json()["user"]["emailVerified"],
        true
    );
    assert_snapshot!(follow(&server.anonymous(), &token, "").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"status":true,"user":null}
    "#);
    assert_eq!(server.rows("select from session"), 1);
}

#[tokio::test]
async fn sign_up_does_not_reveal_whether_an_address_is_registered() {
    let server = strict().start();
    let shape = |answer: &Answer| -> Vec<String> {
        let json = answer.json();
        json["user"].as_object().unwrap().keys().cloned().collect()
    };
    let before = server.clock.slept().len();
    let first = sign_up(&server, "Ada").await;
    assert_eq!(server.mailbox.next(ADA).await.kind, MessageKind::VerifyEmail);
    let second = sign_up(&server, "Eve").await;
    assert_eq!(server.mailbox.next(ADA).await.kind, MessageKind::SignUpAttempt);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(shape(&first), shape(&second));
    assert_ne!(first.json()["user"]["id"], second.json()["user"]["id"]);
    assert_eq!(second.json()["user"]["name"], "Eve");
    assert_eq!(server.clock.slept()[before..], [Duration::from_millis(300); 2]);
    assert_eq!(server.rows(r#"select from "user""#), 1);
}

#[tokio::test]
async fn without_auto_sign_in_sign_up_starts_no_session_and_reveals_no_address() {
    let server = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__AUTO_SIGN_IN", "false")
        .start();
    for name in ["Ada", "Eve"] {
        let answer = sign_up(&server, name).await;
        assert_eq!((answer.status, answer.cookies().count()), (200, 0));
        assert!(answer.json()["token"].is_null());
    }
    assert_eq!(
        sign_in(&server.anonymous(), "password1234").await.json()["user"]["name"],
        "Ada"
    );
}

#[tokio::test]
async fn a_request_for_a_link_gets_the_same_answer_for_every_address() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let stranger = server.anonymous();
    let before = server.clock.slept().len();
    let known = ask(&stranger).await;
    let unknown = stranger
        .post("/send-verification-email", &json!({ "email": "no@example.com" }))
        .send()
        .await;
    assert_snapshot!(known, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    assert_eq!(known.to_string(), unknown.to_string());
    let token = server.mailbox.next(ADA).await.token;
    follow(&stranger, &token, "").await;
    assert_eq!(ask(&stranger).await.to_string(), known.to_string());
    assert_eq!(server.clock.slept()[before..], [Duration::from_millis(300); 3]);
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages(), []);
}

#[tokio::test]
async fn a_signed_in_caller_gets_the_reason_of_a_rejection() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for email in ["eve@example.com", "Ada@example.com"] {
        let other = ada
            .post("/send-verification-email", &json!({ "email": email }))
            .send()
            .await;
        assert_eq!((other.status, other.code()), (400, "EMAIL_MISMATCH".to_owned()));
    }
    assert_eq!(ask(&ada).await.status, 200);
    let token = server.mailbox.next(ADA).await.token;
    assert_eq!(follow(&ada, &token, "").await.status, 200);
    assert_snapshot!(ask(&ada).await, @r#"
    400
    content-type: application/json
    {"code":"EMAIL_IS_ALREADY_VERIFIED","message":"Email is already verified"}
    "#);
    let none = TestServer::with()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    assert_snapshot!(ask(&none.anonymous()).await, @r#"
    400
    content-type: application/json
    {"code":"VERIFICATION_EMAIL_ISNT_ENABLED","message":"Verification email isn't enabled"}
    "#);
}

#[tokio::test]
async fn an_invalid_link_redirects_to_its_callback_with_an_error() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    ask(&ada).await;
    let token = server.mailbox.next(ADA).await.token;
    let caller = server.anonymous();
    assert_snapshot!(follow(&caller, "x", "").await, @r#"
    401
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"INVALID_TOKEN","message":"invalid_token"}
    "#);
    assert_snapshot!(follow(&caller, "x", "&callbackURL=/a?b=c").await, @"
    302
    cache-control: no-store
    content-type: application/json
    location: /a?b=c&error=invalid_token
    referrer-policy: no-referrer
    ");
    assert_snapshot!(follow(&caller, &token, "&callbackURL=https://evil.test").await, @r#"
    403
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"INVALID_CALLBACKURL","message":"Invalid callbackURL"}
    "#);
    assert_snapshot!(caller.get("/verify-email").send().await, @r#"
    400
    cache-control: no-store
    content-type: application/json
    referrer-policy: no-referrer
    {"code":"VALIDATION_ERROR","message":"[query.token] Invalid input: expected string, received undefined"}
    "#);
    server.execute(r#"update "user" set email = 'gone@example.com'"#);
    assert_eq!(follow(&caller, &token, "").await.code(), "USER_NOT_FOUND");
    server.execute("update \"user\" set email = 'ada@example.com'");
    server.clock.advance(TimeDelta::hours(1));
    assert_snapshot!(follow(&caller, &token, "&callbackURL=/a").await, @"
    302
    cache-control: no-store
    content-type: application/json
    location: /a?error=token_expired
    referrer-policy: no-referrer
    ");
    assert_eq!(server.rows(VERIFIED), 0);
}

/// A39: since Better Auth's release of November 2026, a link is bound to the user for whom it was made.
#[tokio::test]
async fn a_link_is_rejected_once_another_user_has_the_address() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.signed_up("eve").await;
    ask(&ada).await;
    let token = server.mailbox.next(ADA).await.token;
    server.execute(r#"update "user" set email = 'x@example.com' where name = 'ada'"#);
    server.execute(r#"update "user" set email = 'ada@example.com' where name = 'eve'"#);
    let answer = follow(&server.anonymous(), &token, "").await;
    assert_eq!((answer.status, answer.code()), (401, "INVALID_TOKEN".to_owned()));
    assert_eq!(server.rows(VERIFIED), 0);
}

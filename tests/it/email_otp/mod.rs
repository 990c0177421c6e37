//! The plugin `email_otp`.

mod brute_force;
mod enumeration;
mod first_proof;
mod password;
mod sign_up;
mod verification;

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "password1234";
const SIGN_IN: &str = "sign-in";
const VERIFICATION: &str = "email-verification";
const RESET: &str = "forget-password";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(path, &body).send().await
}

async fn send(server: &TestServer, kind: &str, email: &str) -> Answer {
    let body = json!({ "email": email, "type": kind });
    post(&server.anonymous(), "/email-otp/send-verification-otp", body).await
}

/// A code that Ada was sent.
async fn code(server: &TestServer, kind: &str) -> String {
    let answer = send(server, kind, ADA).await;
    assert_eq!(answer.status, 200, "{answer}");
    server.mailbox.next(ADA).await.code
}

async fn sign_in(caller: &Caller, email: &str, otp: &str) -> Answer {
    post(
        caller,
        "/sign-in/email-otp",
        json!({ "email": email, "otp": otp }),
    )
    .await
}

async fn check(server: &TestServer, kind: &str, email: &str, otp: &str) -> Answer {
    let body = json!({ "email": email, "type": kind, "otp": otp });
    post(&server.anonymous(), "/email-otp/check-verification-otp", body).await
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

fn outcome(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn rejected(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// A code that is not this one.
fn wrong(code: &str) -> String {
    code.chars()
        .map(|digit| if digit == '9' { '0' } else { '9' })
        .collect()
}

#[tokio::test]
async fn a_code_signs_a_new_user_up() {
    let server = with_plugin().start();
    let answer = send(&server, SIGN_IN, "Ada@Example.com").await;
    assert_snapshot!(answer);
    let message = server.mailbox.next(ADA).await;
    assert_eq!((message.kind, message.code.len()), (MessageKind::SignInOtp, 6));
    let ada = server.anonymous();
    assert_snapshot!(sign_in(&ada, "ADA@example.com", &message.code).await);
    assert_eq!(session(&ada).await["user"]["emailVerified"], true);
}

#[tokio::test]
async fn the_answer_shows_that_the_address_of_an_older_user_is_verified_now() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let code = code(&server, SIGN_IN).await;
    let answer = sign_in(&server.anonymous(), ADA, &code).await.json();
    assert_eq!(answer["user"]["emailVerified"], true);
}

#[tokio::test]
async fn a_code_is_used_once_by_twenty_parallel_requests() {
    let server = with_plugin().start();
    let code = code(&server, SIGN_IN).await;
    let clients: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    let answers = join_all(clients.iter().map(|client| sign_in(client, ADA, &code))).await;
    let signed_in = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(signed_in, 1);
    assert_eq!(server.rows("select 1 from session"), 1);
    let answer = sign_in(&server.anonymous(), ADA, &code).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
}

#[tokio::test]
async fn an_older_code_is_never_valid_again() {
    let server = with_plugin().start();
    let older = code(&server, SIGN_IN).await;
    let newer = code(&server, SIGN_IN).await;
    let client = server.anonymous();
    if older != newer {
        let answer = sign_in(&client, ADA, &older).await;
        assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    }
    assert_eq!(sign_in(&client, ADA, &newer).await.status, 200);
    let answer = sign_in(&client, ADA, &older).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
}

#[tokio::test]
async fn an_expired_code_is_rejected() {
    let server = with_plugin().start();
    let code = code(&server, SIGN_IN).await;
    server.clock.advance(TimeDelta::seconds(301));
    let answer = sign_in(&server.anonymous(), ADA, &code).await;
    assert_eq!(outcome(&answer), rejected(400, "OTP_EXPIRED"));
}

#[tokio::test]
async fn a_code_is_valid_for_its_purpose_and_its_address_only() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    server.signed_up("eve").await;
    for kind in [VERIFICATION, RESET] {
        let code = code(&server, kind).await;
        let answer = sign_in(&server.anonymous(), ADA, &code).await;
        assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"), "{kind}");
    }
    let code = code(&server, SIGN_IN).await;
    send(&server, SIGN_IN, "eve@example.com").await;
    let eves = server.mailbox.next("eve@example.com").await.code;
    if eves != code {
        let answer = sign_in(&server.anonymous(), "eve@example.com", &code).await;
        assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    }
    let body = json!({ "email": ADA, "otp": code, "password": "password5678" });
    let answer = post(&server.anonymous(), "/email-otp/reset-password", body).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
}

#[tokio::test]
async fn a_checked_code_stays_valid_and_its_check_is_not_counted() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let code = code(&server, SIGN_IN).await;
    for _ in 0..5 {
        let answer = check(&server, SIGN_IN, ADA, &code).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "success": true })));
    }
    assert_eq!(sign_in(&server.anonymous(), ADA, &code).await.status, 200);
}

#[tokio::test]
async fn a_second_factor_is_asked_after_a_code() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    post(&ada, "/two-factor/enable", json!({ "password": PASSWORD })).await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let code = code(&server, SIGN_IN).await;
    let client = server.anonymous();
    let answer = sign_in(&client, ADA, &code).await;
    assert_eq!(answer.json(), json!({ "twoFactorRedirect": true }));
    assert_eq!(session(&client).await, Value::Null);
}

#[tokio::test]
async fn a_banned_user_is_refused() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    server.execute(r#"update "user" set banned = true"#);
    let code = code(&server, SIGN_IN).await;
    let answer = sign_in(&server.anonymous(), ADA, &code).await;
    assert_eq!(outcome(&answer), rejected(403, "BANNED_USER"));
}

#[tokio::test]
async fn codes_are_stored_in_the_configured_form() {
    for storage in ["plain", "hashed", "encrypted"] {
        let server = with_plugin()
            .set("PORTCULLIS_PLUGINS__EMAIL_OTP__STORE_OTP", storage)
            .start();
        let code = code(&server, SIGN_IN).await;
        let plain = server.rows(&format!("select 1 from verification where value = '{code}:0'"));
        assert_eq!(plain, i64::from(storage == "plain"), "{storage}");
        assert_eq!(
            server.rows(&format!(
                "select 1 from verification where identifier like '%{ADA}%'"
            )),
            0
        );
        assert_eq!(
            sign_in(&server.anonymous(), ADA, &code).await.status,
            200,
            "{storage}"
        );
    }
}

#[tokio::test]
async fn a_foreign_page_can_neither_request_nor_present_a_code() {
    let server = with_plugin().start();
    let client = server.anonymous();
    for (path, body) in [
        (
            "/email-otp/send-verification-otp",
            json!({ "email": ADA, "type": SIGN_IN }),
        ),
        ("/email-otp/request-password-reset", json!({ "email": ADA })),
        (
            "/email-otp/check-verification-otp",
            json!({ "email": ADA, "type": SIGN_IN, "otp": "123456" }),
        ),
        (
            "/email-otp/reset-password",
            json!({ "email": ADA, "otp": "123456", "password": PASSWORD }),
        ),
        ("/sign-in/email-otp", json!({ "email": ADA, "otp": "123456" })),
        (
            "/email-otp/verify-email",
            json!({ "email": ADA, "otp": "123456" }),
        ),
    ] {
        let call = client.post(path, &body).header("origin", "https://evil.test");
        assert_eq!(
            outcome(&call.send().await),
            rejected(403, "INVALID_ORIGIN"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_routes_do_not_exist_without_the_plugin() {
    let server = TestServer::start();
    assert_eq!(send(&server, SIGN_IN, ADA).await.status, 404);
    assert_eq!(sign_in(&server.anonymous(), ADA, "123456").await.status, 404);
}

#[tokio::test]
async fn a_text_that_is_no_address_has_no_code() {
    let server = with_plugin().start();
    let client = server.anonymous();
    let invalid = rejected(400, "INVALID_EMAIL");
    assert_eq!(outcome(&send(&server, SIGN_IN, "no").await), invalid);
    assert_eq!(outcome(&check(&server, SIGN_IN, "no", "123456").await), invalid);
    let body = json!({ "email": "no", "otp": "123456" });
    assert_eq!(
        outcome(&post(&client, "/email-otp/verify-email", body).await),
        invalid
    );
    assert_eq!(
        outcome(&sign_in(&client, "no", "123456").await),
        rejected(400, "INVALID_OTP")
    );
    let body = json!({ "email": "no" });
    assert_eq!(
        post(&client, "/email-otp/request-password-reset", body)
            .await
            .status,
        200
    );
}

//! Reset of a password by a code that is sent to a phone.

use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::{ADAS, BOBS, claiming, code, owning, with_plugin};

async fn request(server: &TestServer, number: &str) -> Answer {
    let body = json!({ "phoneNumber": number });
    let caller = server.anonymous();
    caller
        .post("/phone-number/request-password-reset", &body)
        .send()
        .await
}

async fn code_for(server: &TestServer, number: &str) -> String {
    assert_eq!(request(server, number).await.status, 200);
    let message = server.mailbox.next(number).await;
    assert_eq!(message.kind, MessageKind::PhoneReset);
    message.code
}

async fn reset(server: &TestServer, number: &str, code: &str, password: &str) -> Answer {
    let body = json!({ "otp": code, "phoneNumber": number, "newPassword": password });
    let caller = server.anonymous();
    caller.post("/phone-number/reset-password", &body).send().await
}

async fn sign_in(server: &TestServer, password: &str) -> u16 {
    let body = json!({ "phoneNumber": ADAS, "password": password });
    let caller = server.anonymous();
    caller.post("/sign-in/phone-number", &body).send().await.status
}

#[tokio::test]
async fn the_owner_of_a_number_sets_a_new_password_once() {
    let server = with_plugin().start();
    let ada = owning(&server, "ada", ADAS).await;
    let code = code_for(&server, ADAS).await;
    assert_snapshot!(reset(&server, ADAS, &code, "new-password1").await);
    assert_eq!(sign_in(&server, "new-password1").await, 200);
    assert_eq!(sign_in(&server, super::PASSWORD).await, 401);
    assert_eq!(
        ada.get("/get-session").send().await.body,
        "null",
        "sessions are revoked"
    );
    let again = reset(&server, ADAS, &code, "new-password2").await;
    assert_eq!(self::code(&again), (400, json!("OTP_NOT_FOUND")));
}

#[tokio::test]
async fn sessions_survive_a_reset_if_configured() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REVOKE_SESSIONS_ON_PASSWORD_RESET",
            "false",
        )
        .start();
    let ada = owning(&server, "ada", ADAS).await;
    let code = code_for(&server, ADAS).await;
    assert_eq!(reset(&server, ADAS, &code, "new-password1").await.status, 200);
    assert_ne!(ada.get("/get-session").send().await.body, "null");
}

#[tokio::test]
async fn a_rejected_password_does_not_use_up_the_code() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let code = code_for(&server, ADAS).await;
    let long = "x".repeat(129);
    for _ in 0..2 {
        for (password, expected) in [
            ("short", "PASSWORD_TOO_SHORT"),
            (long.as_str(), "PASSWORD_TOO_LONG"),
        ] {
            let answer = reset(&server, ADAS, &code, password).await;
            assert_eq!(self::code(&answer), (400, json!(expected)));
        }
    }
    assert_eq!(reset(&server, ADAS, &code, "new-password1").await.status, 200);
}

#[tokio::test]
async fn a_user_without_a_password_gets_one() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    server.execute("delete from account");
    let code = code_for(&server, ADAS).await;
    assert_eq!(reset(&server, ADAS, &code, "new-password1").await.status, 200);
    assert_eq!(sign_in(&server, "new-password1").await, 200);
}

/// No response reveals whether a user has the number, and only an owner is sent a code.
#[tokio::test]
async fn unknown_and_claimed_numbers_are_answered_as_a_proven_one() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    claiming(&server, "bob", BOBS).await;
    let mut answers = Vec::new();
    for number in [ADAS, BOBS, "+12"] {
        let requested = request(&server, number).await;
        let wrong = reset(&server, number, "no", "new-password1").await;
        answers.push(format!("{requested}{wrong}"));
    }
    let first = answers.first().unwrap().clone();
    assert!(answers.iter().all(|answer| *answer == first), "{answers:?}");
    server.wait_until_delivered().await;
    let sent: Vec<_> = server
        .mailbox
        .messages()
        .into_iter()
        .map(|message| message.to)
        .collect();
    assert_eq!(sent, [ADAS]);
}

/// A mistyped number must not give its owner the account.
#[tokio::test]
async fn a_claimed_number_resets_no_password() {
    let server = with_plugin().start();
    claiming(&server, "ada", ADAS).await;
    request(&server, ADAS).await;
    let stored = server
        .shown("select split_part(value, ':', 1) from verification")
        .unwrap();
    let answer = reset(&server, ADAS, &stored, "new-password1").await;
    assert_eq!(code(&answer), (400, json!("UNEXPECTED_ERROR")));
    assert_eq!(sign_in(&server, super::PASSWORD).await, 200);
}

#[tokio::test]
async fn a_code_for_one_purpose_is_rejected_for_another() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let for_reset = code_for(&server, ADAS).await;
    let for_sign_in = super::code_for(&server, ADAS).await;
    let answer = super::verify(&server.anonymous(), ADAS, &for_reset, json!({})).await;
    assert_eq!(code(&answer), (400, json!("INVALID_OTP")));
    let answer = reset(&server, ADAS, &for_sign_in, "new-password1").await;
    assert_eq!(code(&answer), (400, json!("INVALID_OTP")));
}

#[tokio::test]
async fn of_twenty_parallel_resets_with_one_code_one_succeeds() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ALLOWED_ATTEMPTS", "20")
        .start();
    owning(&server, "ada", ADAS).await;
    let code = code_for(&server, ADAS).await;
    let passwords: Vec<_> = (0..20).map(|n| format!("new-password{n}")).collect();
    let resets = passwords
        .iter()
        .map(|password| reset(&server, ADAS, &code, password));
    let answers = join_all(resets).await;
    let done: Vec<Value> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(Answer::json)
        .collect();
    assert_eq!(done.len(), 1, "{answers:?}");
}

//! Sign-in by a phone number: with a password, and by a code.

use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::{ADAS, BOBS, PASSWORD, claiming, code, code_for, number, owning, prove, verify, with_plugin};

async fn sign_in(server: &TestServer, number: &str, password: &str) -> Answer {
    let body = json!({ "phoneNumber": number, "password": password });
    let caller = server.anonymous();
    caller.post("/sign-in/phone-number", &body).send().await
}

#[tokio::test]
async fn a_user_signs_in_with_a_number_and_a_password() {
    let server = with_plugin().start();
    claiming(&server, "ada", ADAS).await;
    assert_snapshot!(sign_in(&server, ADAS, PASSWORD).await);
    let forgetful = json!({ "phoneNumber": ADAS, "password": PASSWORD, "rememberMe": false });
    let answer = server
        .anonymous()
        .post("/sign-in/phone-number", &forgetful)
        .send()
        .await;
    assert!(
        answer.cookies().any(|cookie| cookie.contains("dont_remember")),
        "{answer}"
    );
}

#[tokio::test]
async fn sign_in_does_not_reveal_which_numbers_exist() {
    let server = with_plugin().start();
    claiming(&server, "ada", ADAS).await;
    let (wrong, unknown) = (
        sign_in(&server, ADAS, "password9999").await,
        sign_in(&server, BOBS, "password9999").await,
    );
    assert_eq!(code(&wrong), (401, json!("INVALID_PHONE_NUMBER_OR_PASSWORD")));
    assert_eq!(wrong.to_string(), unknown.to_string());
    let slept = server.clock.slept();
    assert_eq!(slept.first(), slept.last(), "both answers leave at the same time");
}

/// Better Auth sends the code before it looks at the password.
#[tokio::test]
async fn if_proof_is_required_the_right_password_causes_a_code_and_a_wrong_one_does_not() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__REQUIRE_VERIFICATION", "true")
        .start();
    claiming(&server, "ada", ADAS).await;
    let wrong = sign_in(&server, ADAS, "password9999").await;
    assert_eq!(code(&wrong), (401, json!("INVALID_PHONE_NUMBER_OR_PASSWORD")));
    server.wait_until_delivered().await;
    assert!(server.mailbox.messages().is_empty());

    let client = server.anonymous();
    let body = json!({ "phoneNumber": ADAS, "password": PASSWORD });
    let unproven = client.post("/sign-in/phone-number", &body).send().await;
    assert_eq!(code(&unproven), (401, json!("PHONE_NUMBER_NOT_VERIFIED")));
    let message = server.mailbox.next(ADAS).await;
    assert_eq!(message.kind, MessageKind::PhoneOtp);
    let answer = verify(&client, ADAS, &message.code, json!({})).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(sign_in(&server, ADAS, PASSWORD).await.status, 200);
}

/// Guesses by phone number and by e-mail address are guesses of one password.
#[tokio::test]
async fn failed_sign_ins_by_number_and_by_email_are_counted_together() {
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__FAILED_SIGN_INS", "4")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1")
        .start();
    claiming(&server, "ada", ADAS).await;
    // Each guess is sent by another client, since each client has a limit of its own.
    let guess = async |client: u8, path: &str, body: Value| {
        let caller = server.anonymous();
        let call = caller.post(path, &body);
        let call = call.header("x-forwarded-for", &format!("203.0.113.{client}"));
        call.send().await.status
    };
    for client in [1, 3] {
        let by_number = json!({ "phoneNumber": ADAS, "password": "password9999" });
        assert_eq!(guess(client, "/sign-in/phone-number", by_number).await, 401);
        let by_email = json!({ "email": "ada@example.com", "password": "password9999" });
        assert_eq!(guess(client + 1, "/sign-in/email", by_email).await, 401);
    }
    let right = json!({ "phoneNumber": ADAS, "password": PASSWORD });
    assert_eq!(guess(5, "/sign-in/phone-number", right).await, 429);
}

#[tokio::test]
async fn the_owner_of_a_proven_number_signs_in_by_a_code() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let client = server.anonymous();
    assert_snapshot!(prove(&server, &client, ADAS).await);
    assert_eq!(number(&client).await, json!([ADAS, true]));
}

#[tokio::test]
async fn a_code_starts_no_session_if_the_client_wants_none() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let code = code_for(&server, ADAS).await;
    let client = server.anonymous();
    let answer = verify(&client, ADAS, &code, json!({ "disableSession": true })).await;
    assert_snapshot!(answer);
    assert_eq!(client.get("/get-session").send().await.body, "null");
}

#[tokio::test]
async fn a_second_factor_is_asked_after_a_number_and_a_password_and_after_a_code() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .start();
    let ada = owning(&server, "ada", ADAS).await;
    let enable = ada.post("/two-factor/enable", &json!({ "password": PASSWORD }));
    assert_eq!(enable.send().await.status, 200);
    server.execute(r#"update "user" set "twoFactorEnabled" = true"#);
    let challenge = r#"{"twoFactorRedirect":true}"#;
    assert_eq!(sign_in(&server, ADAS, PASSWORD).await.body, challenge);
    let client = server.anonymous();
    assert_eq!(prove(&server, &client, ADAS).await.body, challenge);
    assert_eq!(client.get("/get-session").send().await.body, "null");
}

#[tokio::test]
async fn a_banned_user_does_not_sign_in_by_a_code() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    owning(&server, "ada", ADAS).await;
    server.execute(r#"update "user" set banned = true"#);
    let answer = prove(&server, &server.anonymous(), ADAS).await;
    assert_eq!(answer.status, 403, "{answer}");
    assert_eq!(answer.code(), "BANNED_USER");
}

//! The plugin `phoneNumber`.

mod attacks;
mod claims;
mod guesses;
mod password_reset;
mod sign_in;
mod sign_up;

use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const PASSWORD: &str = "password1234";
const ADAS: &str = "+4915112345678";
const BOBS: &str = "+4915187654321";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
}

fn with_sign_up() -> TestServerBuilder {
    with_plugin().set(
        "PORTCULLIS_PLUGINS__PHONE_NUMBER__SIGN_UP_ON_VERIFICATION__TEMP_EMAIL",
        "{phone_number}@phone.example.com",
    )
}

/// Signs a user up who claims a phone number.
async fn claiming(server: &TestServer, name: &str, number: &str) -> Caller {
    let caller = server.anonymous();
    let email = format!("{name}@example.com");
    let body = json!({ "name": name, "email": email, "password": PASSWORD, "phoneNumber": number });
    let answer = caller.post("/sign-up/email", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    caller
}

/// Signs a user up who has proven a phone number.
async fn owning(server: &TestServer, name: &str, number: &str) -> Caller {
    let caller = server.signed_up(name).await;
    let answer = change(server, &caller, number).await;
    assert_eq!(answer.status, 200, "{answer}");
    caller
}

/// Requests a code, and returns the code of the message.
async fn code_for(server: &TestServer, number: &str) -> String {
    let body = json!({ "phoneNumber": number });
    let answer = server
        .anonymous()
        .post("/phone-number/send-otp", &body)
        .send()
        .await;
    assert_eq!(answer.body, r#"{"message":"code sent"}"#, "{answer}");
    let message = server.mailbox.next(number).await;
    assert_eq!(message.kind, MessageKind::PhoneOtp);
    message.code
}

async fn verify(caller: &Caller, number: &str, code: &str, more: Value) -> Answer {
    let mut body = json!({ "phoneNumber": number, "code": code });
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    caller.post("/phone-number/verify", &body).send().await
}

/// Proves a number by a new code.
async fn prove(server: &TestServer, caller: &Caller, number: &str) -> Answer {
    let code = code_for(server, number).await;
    verify(caller, number, &code, json!({})).await
}

/// Makes a number the caller's.
async fn change(server: &TestServer, caller: &Caller, number: &str) -> Answer {
    let code = code_for(server, number).await;
    verify(caller, number, &code, json!({ "updatePhoneNumber": true })).await
}

async fn user(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"].clone()
}

/// The number of the caller, and whether it is proven.
async fn number(caller: &Caller) -> Value {
    let user = user(caller).await;
    json!([user["phoneNumber"], user["phoneNumberVerified"]])
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

#[tokio::test]
async fn a_signed_in_user_proves_the_own_number_and_keeps_password_and_session() {
    let server = with_plugin().start();
    let ada = claiming(&server, "ada", ADAS).await;
    assert_eq!(number(&ada).await, json!([ADAS, null]));
    let code = code_for(&server, ADAS).await;
    assert_snapshot!(verify(&ada, ADAS, &code, json!({})).await);
    assert_eq!(number(&ada).await, json!([ADAS, true]));
    server.signed_in("ada").await;
}

#[tokio::test]
async fn a_signed_in_user_takes_a_new_number_by_a_code() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let code = code_for(&server, ADAS).await;
    let answer = verify(&ada, ADAS, &code, json!({ "updatePhoneNumber": true })).await;
    assert_snapshot!(answer);
    assert_eq!(number(&ada).await, json!([ADAS, true]));
    assert_eq!(change(&server, &ada, BOBS).await.status, 200);
    assert_eq!(number(&ada).await, json!([BOBS, true]));
}

#[tokio::test]
async fn a_number_that_a_user_has_is_not_taken_and_the_code_stays_valid() {
    let server = with_plugin().start();
    let ada = owning(&server, "ada", ADAS).await;
    let bob = server.signed_up("bob").await;
    let taken = (400, json!("PHONE_NUMBER_ALREADY_EXISTS"));
    for caller in [&ada, &bob] {
        assert_eq!(self::code(&change(&server, caller, ADAS).await), taken);
    }
    let code = code_for(&server, ADAS).await;
    let update = json!({ "updatePhoneNumber": true });
    for _ in 0..5 {
        assert_eq!(
            self::code(&verify(&bob, ADAS, &code, update.clone()).await),
            taken
        );
    }
    let signed_in = verify(&server.anonymous(), ADAS, &code, json!({})).await;
    assert_eq!(signed_in.status, 200, "{signed_in}");
}

#[tokio::test]
async fn a_number_becomes_only_a_signed_in_users() {
    let server = with_plugin().start();
    let code = code_for(&server, ADAS).await;
    let update = json!({ "updatePhoneNumber": true });
    let stranger = server.anonymous();
    let answer = verify(&stranger, ADAS, &code, update.clone()).await;
    assert_eq!(self::code(&answer), (401, json!("USER_NOT_FOUND")));
    // The code is still valid when the user has signed in.
    let ada = server.signed_up("ada").await;
    assert_eq!(verify(&ada, ADAS, &code, update).await.status, 200);
}

/// Better Auth answers 500 after the code was used up.
#[tokio::test]
async fn an_unknown_number_is_reported_to_its_owner_only_and_the_code_stays_valid() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let code = code_for(&server, ADAS).await;
    let stranger = server.anonymous();
    let wrong = verify(&stranger, ADAS, "no", json!({})).await;
    assert_eq!(self::code(&wrong), (400, json!("INVALID_OTP")));
    for _ in 0..5 {
        let answer = verify(&stranger, ADAS, &code, json!({})).await;
        assert_eq!(self::code(&answer), (400, json!("PHONE_NUMBER_ISNT_REGISTERED")));
    }
    let answer = verify(&ada, ADAS, &code, json!({ "updatePhoneNumber": true })).await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn no_client_changes_a_number_without_a_code() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    for caller in [&ada, &server.anonymous()] {
        for value in [json!(BOBS), json!(null), json!(1)] {
            let body = json!({ "name": "n", "phoneNumber": value });
            let answer = caller.post("/update-user", &body).send().await;
            assert_eq!(code(&answer), (400, json!("PHONE_NUMBER_CANNOT_BE_UPDATED")));
        }
    }
    let verified = json!({ "phoneNumberVerified": true });
    let answer = ada.post("/update-user", &verified).send().await;
    assert_eq!(answer.status, 400, "{answer}");
    let without_body = ada.call("POST", "/api/auth/update-user").send().await;
    assert_eq!(without_body.status, 400, "{without_body}");
    assert_eq!(number(&ada).await, json!([null, null]));
}

#[tokio::test]
async fn codes_are_not_sent_to_numbers_in_another_format() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__FORMAT", "e164")
        .start();
    let stranger = server.anonymous();
    for text in ["", "0151 1234", "+49 151", "ada"] {
        let body = json!({ "phoneNumber": text, "password": PASSWORD });
        for path in ["/phone-number/send-otp", "/sign-in/phone-number"] {
            let answer = stranger.post(path, &body).send().await;
            assert_eq!(code(&answer), (400, json!("INVALID_PHONE_NUMBER")), "{path}");
        }
    }
    code_for(&server, ADAS).await;
}

#[tokio::test]
async fn without_messages_to_phones_no_code_is_sent() {
    let server = with_plugin()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    let body = json!({ "phoneNumber": ADAS });
    let stranger = server.anonymous();
    let answer = stranger.post("/phone-number/send-otp", &body).send().await;
    assert_eq!(code(&answer), (501, json!("SENDOTP_NOT_IMPLEMENTED")));
    let answer = stranger
        .post("/phone-number/request-password-reset", &body)
        .send()
        .await;
    assert_eq!(answer.body, r#"{"status":true}"#, "{answer}");
}

#[tokio::test]
async fn a_disabled_plugin_has_no_routes_and_no_columns() {
    let server = TestServer::start();
    let stranger = server.anonymous();
    for path in [
        "/sign-in/phone-number",
        "/phone-number/send-otp",
        "/phone-number/verify",
        "/phone-number/request-password-reset",
        "/phone-number/reset-password",
    ] {
        let answer = stranger.post(path, &json!({ "phoneNumber": ADAS })).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let ada = claiming(&server, "ada", ADAS).await;
    assert_eq!(user(&ada).await.get("phoneNumber"), None);
    let columns = "select from information_schema.columns where column_name like 'phone%'";
    assert_eq!(server.rows(columns), 0);
}

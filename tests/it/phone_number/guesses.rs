//! The limit on wrong codes, and what strangers can cause with the routes of codes.

use chrono::TimeDelta;
use portcullis_testkit::{TestServer, TestServerBuilder};
use serde_json::json;

use super::{ADAS, PASSWORD, claiming, code, code_for, number, owning, verify, with_plugin};

const HOME: &str = "198.51.100.7";
const STRANGER: &str = "203.0.113.1";

/// Without the limits on requests, which the tests exceed.
fn limited() -> TestServerBuilder {
    with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
}

/// Sends a code for the number from this IP address, and returns the status of the response.
async fn guess(server: &TestServer, from: &str, typed: &str) -> u16 {
    let caller = server.anonymous();
    let body = json!({ "phoneNumber": ADAS, "code": typed });
    let call = caller.post("/phone-number/verify", &body);
    call.header("x-forwarded-for", from).send().await.status
}

/// Uses up the attempts that all clients have together.
async fn guess_ten_times(server: &TestServer) {
    for _ in 0..5 {
        code_for(server, ADAS).await;
        for _ in 0..2 {
            assert_eq!(guess(server, STRANGER, "no").await, 400);
        }
        server.clock.advance(TimeDelta::seconds(61));
    }
    assert_eq!(guess(server, STRANGER, "no").await, 429);
}

#[tokio::test]
async fn strangers_do_not_use_up_the_attempts_of_the_owner_at_a_known_address() {
    let server = limited().start();
    owning(&server, "ada", ADAS).await;
    let caller = server.anonymous();
    let body = json!({ "phoneNumber": ADAS, "password": PASSWORD });
    let call = caller.post("/sign-in/phone-number", &body);
    let answer = call.header("x-forwarded-for", HOME).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    server.clock.advance(TimeDelta::seconds(61));
    guess_ten_times(&server).await;
    let code = code_for(&server, ADAS).await;
    assert_eq!(guess(&server, STRANGER, &code).await, 429);
    assert_eq!(guess(&server, HOME, &code).await, 200);
}

#[tokio::test]
async fn an_address_as_a_phone_number_spends_no_attempts_of_the_address() {
    const EMAIL: &str = "ada@example.com";
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    let caller = server.anonymous();
    for _ in 0..5 {
        code_for(&server, EMAIL).await;
        for _ in 0..3 {
            verify(&caller, EMAIL, "no", json!({})).await;
        }
    }
    code_for(&server, EMAIL).await;
    assert_eq!(verify(&caller, EMAIL, "no", json!({})).await.status, 429);
    let body = json!({ "email": EMAIL, "type": "sign-in" });
    let sent = caller.post("/email-otp/send-verification-otp", &body);
    assert_eq!(sent.send().await.status, 200);
    let otp = server.mailbox.next(EMAIL).await.code;
    let body = json!({ "email": EMAIL, "otp": otp });
    let answer = caller.post("/sign-in/email-otp", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn a_foreign_page_can_neither_request_a_code_nor_present_one() {
    let server = with_plugin().start();
    let client = server.anonymous();
    let body = json!({ "phoneNumber": ADAS, "code": "1", "otp": "1", "newPassword": PASSWORD });
    for path in ["send-otp", "verify", "request-password-reset", "reset-password"] {
        let path = format!("/phone-number/{path}");
        let call = client.post(&path, &body).header("origin", "https://evil.test");
        assert_eq!(code(&call.send().await), (403, json!("INVALID_ORIGIN")), "{path}");
    }
    assert!(server.mailbox.messages().is_empty());
}

#[tokio::test]
async fn users_who_enter_no_number_have_none() {
    let server = with_plugin().start();
    for name in ["ada", "bob"] {
        let caller = claiming(&server, name, "").await;
        assert_eq!(number(&caller).await, json!([null, null]));
    }
    let caller = server.anonymous();
    let body = json!({ "phoneNumber": "", "password": PASSWORD });
    for path in ["/phone-number/send-otp", "/sign-in/phone-number"] {
        let answer = caller.post(path, &body).send().await;
        assert_eq!(code(&answer), (400, json!("INVALID_PHONE_NUMBER")), "{path}");
    }
}

//! Codes that messages deliver.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

use super::{ADA, PASSWORD, challenged, post, protected, session, with_plugin};

/// Has a code sent, and returns it.
async fn sent(server: &TestServer, client: &Caller) -> String {
    let answer = post(client, "send-otp", json!({})).await;
    assert_eq!(answer.body, r#"{"status":true}"#, "{answer}");
    server.mailbox.next(ADA).await.code
}

async fn verify(client: &Caller, code: &str) -> (u16, Value) {
    let answer = post(client, "verify-otp", json!({ "code": code })).await;
    (answer.status, answer.json()["code"].clone())
}

#[tokio::test]
async fn a_code_by_message_signs_in_once() {
    let server = with_plugin().start();
    protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let code = sent(&server, &client).await;
    assert_eq!(code.len(), 6);
    assert_eq!(verify(&client, &code).await, (200, Value::Null));
    assert_eq!(session(&client).await["user"]["email"], ADA);
    assert_eq!(server.rows("select from verification"), 0);
    let later = challenged(&server, "ada").await;
    assert_eq!(verify(&later, &code).await, (400, json!("OTP_HAS_EXPIRED")));
}

/// Better Auth accepts the older code again after the newer one was used.
#[tokio::test]
async fn an_older_code_is_not_accepted_beside_or_after_a_newer_one() {
    let server = with_plugin().start();
    protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let older = sent(&server, &client).await;
    let newer = sent(&server, &client).await;
    assert_ne!(older, newer);
    assert_eq!(verify(&client, &older).await, (401, json!("INVALID_CODE")));
    assert_eq!(verify(&client, &newer).await.0, 200);
    assert_eq!(server.rows("select from verification"), 0);
}

#[tokio::test]
async fn five_wrong_guesses_end_a_code_also_if_sixty_are_sent_at_once() {
    let server = with_plugin().start();
    protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let code = sent(&server, &client).await;
    let cookies = client.cookies();
    let guesses = (0..60).map(|guess| {
        let body = json!({ "code": format!("{guess:07}") });
        let request = client.post("/two-factor/verify-otp", &body);
        request.header("cookie", &cookies).send()
    });
    let answers = join_all(guesses).await;
    let compared = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(compared <= 5, "{compared} guesses were compared");
    assert_ne!(verify(&client, &code).await.0, 200);
    assert_eq!(session(&client).await, Value::Null);
}

/// Gives the right password from this address, sends another request, and returns the client.
async fn after_password(server: &TestServer, from: &str, path: &str, body: Value) -> Caller {
    let client = server.anonymous();
    let password = json!({ "email": ADA, "password": PASSWORD });
    for (path, body) in [("/sign-in/email", password), (path, body)] {
        let answer = client
            .post(path, &body)
            .header("x-forwarded-for", from)
            .send()
            .await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
    }
    client
}

/// The attacker knows the password.
#[tokio::test]
async fn a_client_without_the_second_factor_uses_up_no_codes_of_the_user_and_its_address_is_not_known() {
    const HOME: &str = "198.51.100.7";
    const SEND: &str = "/two-factor/send-otp";
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .start();
    let ada = protected(&server, "ada").await;
    server.execute("delete from portcullis_known_address");
    for number in 0..5 {
        after_password(&server, &format!("203.0.113.{number}"), SEND, json!({})).await;
    }
    for _ in 0..3 {
        server.mailbox.next(ADA).await;
    }
    assert_eq!(server.rows("select from portcullis_known_address"), 0);

    let code = json!({ "code": ada.code(&server, 0) });
    after_password(&server, HOME, "/two-factor/verify-totp", code).await;
    assert_eq!(server.rows("select from portcullis_known_address"), 1);
    let client = after_password(&server, HOME, SEND, json!({})).await;
    let code = server.mailbox.next(ADA).await.code;
    assert_eq!(verify(&client, &code).await, (200, Value::Null));
}

#[tokio::test]
async fn a_code_expires() {
    let server = with_plugin().start();
    protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let code = sent(&server, &client).await;
    server.clock.advance(TimeDelta::seconds(181));
    assert_eq!(verify(&client, &code).await, (400, json!("OTP_HAS_EXPIRED")));
}

#[tokio::test]
async fn codes_work_in_each_form_of_storage() {
    for (storage, pattern) in [
        ("plain", "^[0-9]{6}:0$"),
        ("hashed", "^[A-Za-z0-9_-]{43}:0$"),
        ("encrypted", "^[0-9a-f]{92}:0$"),
    ] {
        let server = with_plugin()
            .set("PORTCULLIS_PLUGINS__TWO_FACTOR__OTP_OPTIONS__STORE_OTP", storage)
            .start();
        protected(&server, "ada").await;
        let client = challenged(&server, "ada").await;
        let code = sent(&server, &client).await;
        let stored = format!("select from verification where value ~ '{pattern}'");
        assert_eq!(server.rows(&stored), 1, "{storage}");
        assert_eq!(verify(&client, &code).await.0, 200, "{storage}");
    }
}

#[tokio::test]
async fn without_a_transport_no_code_can_be_sent() {
    let server = with_plugin()
        .set("PORTCULLIS_DELIVERY__TRANSPORT", "none")
        .start();
    let answer = post(&server.anonymous(), "send-otp", json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (400, &json!("OTP_ISNT_CONFIGURED"))
    );
}

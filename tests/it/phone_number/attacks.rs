//! Attacks that must fail.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::{ADAS, PASSWORD, code, code_for, number, owning, prove, user, verify, with_plugin, with_sign_up};

#[tokio::test]
async fn of_twenty_parallel_requests_with_one_code_one_succeeds() {
    let server = with_sign_up()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ALLOWED_ATTEMPTS", "20")
        .start();
    let code = code_for(&server, ADAS).await;
    let clients: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    let answers = join_all(
        clients
            .iter()
            .map(|client| verify(client, ADAS, &code, json!({}))),
    )
    .await;
    let signed_in = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(signed_in, 1, "{answers:?}");
    assert_eq!(server.rows("select from session"), 1);
    assert_eq!(server.rows(r#"select from "user""#), 1);
}

#[tokio::test]
async fn of_twenty_parallel_wrong_guesses_three_are_compared() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let right = code_for(&server, ADAS).await;
    let clients: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    let answers = join_all(clients.iter().map(|client| verify(client, ADAS, "no", json!({})))).await;
    let compared = answers
        .iter()
        .filter(|answer| code(answer) == (400, json!("INVALID_OTP")));
    assert_eq!(compared.count(), 3, "{answers:?}");
    let late = verify(&server.anonymous(), ADAS, &right, json!({})).await;
    assert_ne!(late.status, 200, "{late}");
}

#[tokio::test]
async fn a_newer_code_does_not_reset_the_wrong_guesses_for_the_number() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let mut answers: Vec<Answer> = Vec::new();
    for _ in 0..6 {
        code_for(&server, ADAS).await;
        for _ in 0..2 {
            answers.push(verify(&server.anonymous(), ADAS, "no", json!({})).await);
        }
    }
    let guesses = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!(guesses, 10);
    assert!(
        answers.iter().skip(10).all(|answer| answer.status == 429),
        "{answers:?}"
    );
}

/// Better Auth accepts an older code again when the newer one was used.
#[tokio::test]
async fn an_older_code_is_rejected_after_a_newer_one_was_sent() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let older = code_for(&server, ADAS).await;
    let newer = code_for(&server, ADAS).await;
    if older != newer {
        let answer = verify(&server.anonymous(), ADAS, &older, json!({})).await;
        assert_eq!(code(&answer), (400, json!("INVALID_OTP")));
    }
    assert_eq!(
        verify(&server.anonymous(), ADAS, &newer, json!({})).await.status,
        200
    );
    let answer = verify(&server.anonymous(), ADAS, &older, json!({})).await;
    assert_eq!(code(&answer), (400, json!("OTP_NOT_FOUND")));
}

#[tokio::test]
async fn an_expired_code_is_rejected() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let right = code_for(&server, ADAS).await;
    server.clock.advance(chrono::TimeDelta::seconds(301));
    let answer = verify(&server.anonymous(), ADAS, &right, json!({})).await;
    assert_eq!(code(&answer), (400, json!("OTP_EXPIRED")));
}

#[tokio::test]
async fn the_code_of_another_number_is_rejected() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let own = code_for(&server, super::BOBS).await;
    let adas = code_for(&server, ADAS).await;
    if own != adas {
        let answer = verify(&server.anonymous(), ADAS, &own, json!({})).await;
        assert_eq!(code(&answer), (400, json!("INVALID_OTP")));
    }
}

#[tokio::test]
async fn an_administrator_who_impersonates_a_user_proves_no_number() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let admin = server.signed_up("admin").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let ada = server.signed_up("ada").await;
    let body = json!({ "userId": user(&ada).await["id"] });
    assert_eq!(
        admin.post("/admin/impersonate-user", &body).send().await.status,
        200
    );
    let right = code_for(&server, ADAS).await;
    for more in [json!({}), json!({ "updatePhoneNumber": true })] {
        let answer = verify(&admin, ADAS, &right, more).await;
        assert_eq!(answer.status, 403, "{answer}");
    }
}

#[tokio::test]
async fn an_administrator_sets_no_number() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let admin = server.signed_up("admin").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let id = user(&admin).await["id"].clone();
    let data = json!({ "name": "Root", "phoneNumber": ADAS, "phoneNumberVerified": true });
    let body = json!({ "userId": id, "data": data });
    let answer = admin.post("/admin/update-user", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(number(&admin).await, json!([null, null]));
}

async fn claim_again(server: &TestServer, name: &str) -> Answer {
    let email = format!("{name}@example.com");
    let body = json!({ "name": name, "email": email, "password": PASSWORD, "phoneNumber": ADAS });
    server.anonymous().post("/sign-up/email", &body).send().await
}

#[tokio::test]
async fn a_taken_number_is_claimed_by_no_second_user() {
    let server = with_plugin().start();
    owning(&server, "ada", ADAS).await;
    let answer = claim_again(&server, "eve").await;
    assert_eq!(code(&answer), (422, json!("FAILED_TO_CREATE_USER")));
    let closed = with_plugin()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ACCEPT_AT_SIGN_UP", "false")
        .start();
    let answer = claim_again(&closed, "eve").await;
    assert_eq!(code(&answer), (400, json!("PHONE_NUMBER_CANNOT_BE_UPDATED")));
}

#[tokio::test]
async fn a_number_receives_at_most_three_codes_in_a_minute() {
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .start();
    for _ in 0..5 {
        let body = json!({ "phoneNumber": ADAS });
        let answer = server
            .anonymous()
            .post("/phone-number/send-otp", &body)
            .send()
            .await;
        assert_eq!(answer.status, 200, "{answer}");
    }
    server.wait_until_delivered().await;
    assert_eq!(server.mailbox.messages().len(), 3);
}

/// Better Auth's window is 60 000 seconds.
#[tokio::test]
async fn the_routes_of_codes_accept_ten_requests_in_a_minute() {
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    let guess = async || verify(&server.anonymous(), ADAS, "no", json!({})).await.status;
    for _ in 0..10 {
        assert_eq!(guess().await, 400);
    }
    assert_eq!(guess().await, 429);
    server.clock.advance(chrono::TimeDelta::seconds(61));
    assert_eq!(guess().await, 400);
}

/// GHSA-qq9h-g4jm-xgf3: an attacker signs up with the address of another person, and proves an own number.
#[tokio::test]
async fn a_number_from_before_the_first_proof_of_the_address_does_not_sign_in_any_more() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED", "true")
        .start();
    let eve = owning(&server, "ada", ADAS).await;
    let ada = server.anonymous();
    let body = json!({ "email": "ada@example.com" });
    let answer = ada.post("/sign-in/magic-link", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let link = server.mailbox.next("ada@example.com").await.path();
    ada.call("GET", &link).send().await;
    assert_eq!(user(&ada).await["emailVerified"], true);
    assert_eq!(number(&ada).await, json!([Value::Null, false]));
    assert_eq!(user(&eve).await, Value::Null);

    let stranger = server.anonymous();
    let answer = prove(&server, &stranger, ADAS).await;
    assert_eq!(code(&answer), (400, json!("PHONE_NUMBER_ISNT_REGISTERED")));
    for password in [PASSWORD, "password9999"] {
        let body = json!({ "phoneNumber": ADAS, "password": password });
        let answer = stranger.post("/sign-in/phone-number", &body).send().await;
        assert_eq!(answer.status, 401, "{answer}");
    }
}

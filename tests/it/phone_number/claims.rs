//! Numbers that users have claimed and not proven.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

use super::{
    ADAS, BOBS, PASSWORD, claiming, code, code_for, number, prove, user, verify, with_plugin, with_sign_up,
};

fn requiring(builder: TestServerBuilder) -> TestServerBuilder {
    builder.set("PORTCULLIS_PLUGINS__PHONE_NUMBER__REQUIRE_VERIFICATION", "true")
}

async fn sign_in(client: &Caller, number: &str) -> Answer {
    let body = json!({ "phoneNumber": number, "password": PASSWORD });
    client.post("/sign-in/phone-number", &body).send().await
}

/// Sends the right password, and returns the code of the message that it causes.
async fn unproven(server: &TestServer, client: &Caller, number: &str) -> String {
    let answer = sign_in(client, number).await;
    assert_eq!(code(&answer), (401, json!("PHONE_NUMBER_NOT_VERIFIED")));
    server.mailbox.next(number).await.code
}

/// GHSA-qq9h-g4jm-xgf3 for phone numbers: an attacker prepares an account with the number of another person.
#[tokio::test]
async fn the_proof_of_a_claimed_number_never_signs_in_to_the_account_that_claimed_it() {
    for is_proven_address in [true, false] {
        for builder in [with_sign_up(), requiring(with_sign_up())] {
            let server = builder.start();
            let eve = claiming(&server, "eve", ADAS).await;
            let verified = format!(r#"update "user" set "emailVerified" = {is_proven_address}"#);
            server.execute(&verified);
            let ada = server.anonymous();
            let answer = prove(&server, &ada, ADAS).await;
            assert_eq!(answer.status, 200, "{answer}");
            assert_ne!(user(&ada).await["id"], user(&eve).await["id"]);
            assert_eq!(number(&eve).await, json!([Value::Null, false]));
            // The attacker cannot sign in with the number and the old password.
            assert_eq!(sign_in(&server.anonymous(), ADAS).await.status, 401);
            assert_eq!(number(&ada).await, json!([ADAS, true]));
        }
    }
}

#[tokio::test]
async fn the_claim_stays_and_the_code_stays_valid_if_no_user_may_sign_up() {
    for builder in [with_plugin(), requiring(with_plugin())] {
        let server = builder.start();
        let ada = claiming(&server, "ada", ADAS).await;
        let right = code_for(&server, ADAS).await;
        let answer = verify(&server.anonymous(), ADAS, &right, json!({})).await;
        assert_eq!(code(&answer), (400, json!("PHONE_NUMBER_ISNT_REGISTERED")));
        assert_eq!(number(&ada).await, json!([ADAS, null]));
        // In the session of the user, the same code proves the number.
        assert_eq!(verify(&ada, ADAS, &right, json!({})).await.status, 200);
    }
}

#[tokio::test]
async fn a_client_that_sent_the_right_password_signs_in_by_the_code_and_keeps_the_password() {
    let server = requiring(with_sign_up()).start();
    let first = claiming(&server, "ada", ADAS).await;
    let client = server.anonymous();
    let right = unproven(&server, &client, ADAS).await;
    assert!(client.cookies().contains("better-auth.phone_number="));
    assert_eq!(verify(&client, ADAS, &right, json!({})).await.status, 200);
    assert_eq!(user(&client).await["id"], user(&first).await["id"]);
    assert!(!client.cookies().contains("phone_number"), "{}", client.cookies());
    assert_eq!(sign_in(&server.anonymous(), ADAS).await.status, 200);
}

/// An attacker who has prepared the account knows its password, and has no code.
#[tokio::test]
async fn a_password_that_an_attacker_has_sent_counts_only_in_the_attackers_browser() {
    let server = requiring(with_sign_up()).start();
    let eve = claiming(&server, "eve", ADAS).await;
    let browser = server.anonymous();
    let right = unproven(&server, &browser, ADAS).await;
    let ada = server.anonymous();
    assert_eq!(verify(&ada, ADAS, &right, json!({})).await.status, 200);
    assert_ne!(user(&ada).await["id"], user(&eve).await["id"]);
    assert_eq!(sign_in(&browser, ADAS).await.status, 401);
}

#[tokio::test]
async fn the_cookie_of_a_right_password_is_bound_to_its_user_and_its_number_and_expires() {
    let server = requiring(with_plugin()).start();
    claiming(&server, "ada", ADAS).await;
    claiming(&server, "bob", BOBS).await;
    let client = server.anonymous();
    unproven(&server, &client, BOBS).await;
    let unregistered = (400, json!("PHONE_NUMBER_ISNT_REGISTERED"));
    assert_eq!(code(&prove(&server, &client, ADAS).await), unregistered);
    server.clock.advance(TimeDelta::seconds(301));
    assert!(client.cookies().contains("phone_number"));
    assert_eq!(code(&prove(&server, &client, BOBS).await), unregistered);
}

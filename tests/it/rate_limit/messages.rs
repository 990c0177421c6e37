//! better-auth#9479: nobody's mailbox is filled by whoever asks for messages to it.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};
use serde_json::json;

const EVIL: &str = "bomb@example.com";

fn letters(server: &TestServer) -> usize {
    server
        .mailbox
        .letters()
        .iter()
        .filter(|letter| letter.to == EVIL)
        .count()
}

async fn ask(caller: &Caller, path: &str, from: &str, name: &str) {
    let body = json!({ (name): EVIL, "name": "n", "password": "password1234" });
    let answer = caller
        .post(path, &body)
        .header("x-forwarded-for", from)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn an_address_gets_three_messages_of_a_kind_a_minute_from_wherever_they_are_asked_for() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for minute in 1..3 {
        for number in 0..6 {
            ask(
                &ada,
                "/change-email",
                &format!("198.51.{minute}.{number}"),
                "newEmail",
            )
            .await;
        }
        server.settled().await;
        assert_eq!(letters(&server), 3 * minute);
        assert_eq!(
            server.rows("select from verification"),
            i64::try_from(3 * minute).unwrap()
        );
        server
            .clock
            .advance(TimeDelta::minutes(1) + TimeDelta::seconds(1));
    }
}

#[tokio::test]
async fn kinds_are_counted_apart_and_nobody_is_told() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set(
            "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
            "true",
        )
        .start();
    let stranger = server.anonymous();
    for (path, number) in [
        ("/sign-up/email", 0),
        ("/send-verification-email", 1),
        ("/request-password-reset", 2),
    ] {
        for again in 0..5 {
            ask(&stranger, path, &format!("198.51.{number}.{again}"), "email").await;
        }
    }
    server.settled().await;
    // One to prove the address, three that somebody signs up with it, two more to prove it, three to reset.
    assert_eq!(letters(&server), 1 + 3 + 2 + 3);
}

/// Otherwise whoever wants somebody's address could keep its owner from proving it.
#[tokio::test]
async fn a_stranger_uses_up_nothing_of_what_the_owner_asks_for() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .start();
    let stranger = server.signed_up("eve").await;
    for number in 0..5 {
        ask(
            &stranger,
            "/change-email",
            &format!("198.51.100.{number}"),
            "newEmail",
        )
        .await;
    }
    ask(&server.anonymous(), "/sign-up/email", "198.51.101.1", "email").await;
    server.settled().await;
    assert_eq!(letters(&server), 3 + 1);
}

#[tokio::test]
async fn where_nothing_is_limited_no_message_is() {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for _ in 0..6 {
        ask(&ada, "/change-email", "198.51.100.1", "newEmail").await;
    }
    server.settled().await;
    assert_eq!(letters(&server), 6);
}

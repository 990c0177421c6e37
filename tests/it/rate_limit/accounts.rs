//! The limit of failed sign-ins of an account, from all addresses together.

use std::time::Duration;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{guess, limited, sign_in};

const HOME: &str = "198.51.100.7";

fn right() -> Value {
    json!({ "email": "ada@example.com", "password": "password1234" })
}

/// An address that has sent no request yet.
fn stranger(number: usize) -> String {
    format!("203.0.{}.{}", number / 250, number % 250 + 1)
}

/// A server on which Ada has signed up.
async fn adas() -> TestServer {
    let server = limited().start();
    server.signed_up("ada").await;
    server
}

/// The statuses of guesses, each from another address.
async fn guesses(server: &TestServer, email: &str, strangers: std::ops::Range<usize>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in strangers {
        statuses.push(sign_in(server, &stranger(number), &guess(email)).await.status);
    }
    statuses
}

#[tokio::test]
async fn guesses_from_a_hundred_addresses_share_one_limit_of_twenty() {
    let server = adas().await;
    let statuses = guesses(&server, "ada@example.com", 0..100).await;
    assert_eq!(statuses[..20], [401; 20]);
    assert_eq!(statuses[20..], [429; 80]);
    assert_snapshot!(sign_in(&server, &stranger(200), &right()).await, @r#"
    429
    content-type: text/plain;charset=UTF-8
    retry-after: 900
    x-retry-after: 900
    {"message":"Too many requests. Please try again later."}
    "#);

    server.clock.advance(TimeDelta::minutes(15));
    assert_eq!(sign_in(&server, &stranger(201), &right()).await.status, 200);
}

/// Guesses are counted before they are compared, so parallel guesses do not exceed the limit.
#[tokio::test]
async fn twenty_of_sixty_parallel_guesses_are_compared() {
    let server = adas().await;
    let body = guess("ada@example.com");
    let addresses: Vec<_> = (0..60).map(stranger).collect();
    let sign_ins = addresses.iter().map(|from| sign_in(&server, from, &body));
    let answers = futures_util::future::join_all(sign_ins).await;
    let statuses = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((statuses(401), statuses(429)), (20, 40));
}

/// An unknown address is counted and rejected like a registered one.
#[tokio::test]
async fn the_limit_does_not_reveal_which_addresses_are_registered() {
    let server = adas().await;
    let mut shown = Vec::new();
    for email in ["ada@example.com", "unknown@example.com"] {
        let mut answers = Vec::new();
        for number in 0..25 {
            let from = stranger(shown.len() * 25 + number);
            answers.push(sign_in(&server, &from, &guess(email)).await.to_string());
        }
        shown.push(answers);
    }
    assert_eq!(shown[0], shown[1]);
    assert!(shown[0][19].starts_with("401") && shown[0][20].starts_with("429"));
    assert_eq!(server.clock.slept(), [Duration::from_millis(300); 50]);
}

#[tokio::test]
async fn a_successful_sign_in_clears_the_failures() {
    let server = adas().await;
    for round in 0..3 {
        let strangers = round * 20..round * 20 + 19;
        assert_eq!(guesses(&server, "ada@example.com", strangers).await, [401; 19]);
        assert_eq!(
            sign_in(&server, &stranger(200 + round), &right()).await.status,
            200
        );
    }
}

/// An attacker must not lock the owner out.
#[tokio::test]
async fn the_owner_can_sign_in_from_a_known_address() {
    let server = adas().await;
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
    guesses(&server, "ada@example.com", 0..25).await;
    assert_eq!(sign_in(&server, &stranger(200), &right()).await.status, 429);
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
}

#[tokio::test]
async fn an_address_is_known_for_one_account_and_thirty_days() {
    let server = adas().await;
    server.signed_up("bob").await;
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
    guesses(&server, "bob@example.com", 0..20).await;
    let bob = json!({ "email": "bob@example.com", "password": "password1234" });
    assert_eq!(sign_in(&server, HOME, &bob).await.status, 429);

    server.clock.advance(TimeDelta::days(31));
    guesses(&server, "ada@example.com", 20..40).await;
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 429);
}

/// Behind a proxy that does not forward the client's address, every client would be known.
#[tokio::test]
async fn an_address_that_clients_share_is_never_known() {
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/sign-in/email off")
        .start();
    server.signed_up("ada").await;
    assert_eq!(sign_in(&server, "unknown", &right()).await.status, 200);
    assert_eq!(server.rows("select 1 from portcullis_known_address"), 0);
    for _ in 0..20 {
        assert_eq!(
            sign_in(&server, "unknown", &guess("ada@example.com"))
                .await
                .status,
            401
        );
    }
    assert_eq!(sign_in(&server, "unknown", &right()).await.status, 429);
}

#[tokio::test]
async fn counter_keys_contain_no_address() {
    let server = adas().await;
    guesses(&server, "ada@example.com", 0..3).await;
    guesses(&server, "ADA@example.com", 3..6).await;
    let keys = "select 1 from portcullis_rate_limit where key ~ '^failed-sign-in[|][0-9a-f]{64}$' and cardinality(hits) = 6";
    assert_eq!(server.rows(keys), 1);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key ~* 'ada|example'"),
        0
    );
}

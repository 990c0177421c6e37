//! Known addresses, from which a user has signed in. Each has a limit of its own in addition to the account's.

use chrono::TimeDelta;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{guess, limited, sign_in};

const ADA: &str = "ada@example.com";
const HOME: &str = "198.51.100.7";

fn right() -> Value {
    json!({ "email": ADA, "password": "password1234" })
}

/// The custom rule leaves only the account's own limit.
async fn server_with_home() -> TestServer {
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .start();
    server.signed_up("ada").await;
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
    server
}

/// How many of 60 wrong guesses from one address are compared.
async fn compared(server: &TestServer, from: &str) -> usize {
    let mut compared = 0;
    for _ in 0..60 {
        let status = sign_in(server, from, &guess(ADA)).await.status;
        compared += usize::from(status == 401);
    }
    compared
}

#[tokio::test]
async fn guesses_from_a_known_address_are_limited() {
    let server = server_with_home().await;
    assert_eq!(compared(&server, HOME).await, 40);
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 429);
    server.clock.advance(TimeDelta::minutes(15));
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
}

#[tokio::test]
async fn strangers_do_not_use_up_the_budget_of_a_known_address() {
    let server = server_with_home().await;
    assert_eq!(compared(&server, "203.0.113.1").await, 20);
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
}

#[tokio::test]
async fn a_password_reset_forgets_every_known_address() {
    let server = server_with_home().await;
    let request = json!({ "email": ADA });
    server
        .anonymous()
        .post("/request-password-reset", &request)
        .send()
        .await;
    let token = server.mailbox.next(ADA).await.token;
    let reset = json!({ "token": token, "newPassword": "password5678" });
    let answer = server.anonymous().post("/reset-password", &reset).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(server.rows("select from portcullis_known_address"), 0);
    assert_eq!(compared(&server, HOME).await, 20);
}

#[tokio::test]
async fn revoking_all_sessions_forgets_every_known_address() {
    let server = server_with_home().await;
    let user = server.signed_in("ada").await;
    user.post("/revoke-sessions", &json!({})).send().await;
    assert_eq!(server.rows("select from portcullis_known_address"), 0);
    assert_eq!(compared(&server, HOME).await, 20);
}

#[tokio::test]
async fn the_address_of_a_sign_up_is_known() {
    let server = limited().start();
    let body = json!({ "name": "n", "email": ADA, "password": "password1234" });
    let answer = server
        .anonymous()
        .post("/sign-up/email", &body)
        .header("x-forwarded-for", HOME)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    for number in 0..20 {
        let from = format!("203.0.113.{number}");
        assert_eq!(sign_in(&server, &from, &guess(ADA)).await.status, 401);
    }
    assert_eq!(sign_in(&server, "203.0.113.99", &right()).await.status, 429);
    assert_eq!(sign_in(&server, HOME, &right()).await.status, 200);
}

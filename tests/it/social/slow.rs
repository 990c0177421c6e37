//! Providers that need more time to answer than other requests may take.

use std::time::Duration;

use portcullis_testkit::{Fault, FaultyEndpoint, MockProvider};
use serde_json::json;

use super::{
    ACCOUNTS, SESSIONS, USERS,
    flow::{Flow, sign_in},
    location, server_with,
};

const DELAY: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_provider_may_answer_later_than_other_requests_end() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock)
        .set("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "1")
        .start();
    mock.misbehave_at(FaultyEndpoint::Token, Fault::Slow(DELAY));
    let (browser, answer) = sign_in(&server, &mock).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    for statement in [USERS, ACCOUNTS, SESSIONS] {
        assert_eq!(server.rows(statement), 1, "{statement}");
    }
    // A provider that has rotated the refresh token does not accept the old one again.
    let body = json!({ "providerId": "google" });
    let answer = browser.post("/refresh-token", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let stored = server.shown(r#"select "refreshToken" from account"#);
    assert_eq!(answer.json()["refreshToken"].as_str(), stored.as_deref());
}

#[tokio::test]
async fn a_provider_that_takes_longer_than_its_own_time_limit_fails_the_sign_in_and_not_the_request() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock)
        .set("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "1")
        .set("PORTCULLIS_OAUTH_CLIENT__TIMEOUT", "1")
        .start();
    mock.misbehave_at(FaultyEndpoint::Token, Fault::Slow(DELAY));
    let flow = Flow::start(&server, "google").await;
    let answer = flow.finish(&mock).await;
    assert!(location(&answer).starts_with("/failed?error="), "{answer}");
    assert_eq!(server.rows(USERS), 0);
}

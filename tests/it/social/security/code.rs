//! Codes: injection of another user's code, replay, and answers without one.

use portcullis_testkit::{Fault, MockProvider};

use super::{assert_nothing_stored, storing};
use crate::social::{
    SESSIONS,
    flow::{Flow, is_signed_in, open, parameter, with_parameter},
    location, server_with,
};

/// RFC 9700, 4.5: an attacker who injects a code does not know the verifier of the victim's request.
#[tokio::test]
async fn an_injected_code_fails_at_the_provider() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock).start();
    let attacker = Flow::start(&server, "google").await;
    let victim = Flow::start(&server, "google").await;
    let code = parameter(&mock.authorize(&attacker.url), "code");
    let redirect = with_parameter(&mock.authorize(&victim.url), "code", Some(&code));
    let answer = open(&victim.browser, &redirect).await;
    assert_eq!(location(&answer), "/failed?error=invalid_code", "{answer}");
    let sent = mock.token_requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].form["code"], code);
    assert_eq!(sent[0].form["code_verifier"].len(), 128);
    assert_nothing_stored(&server, "an injected code");
}

#[tokio::test]
async fn a_used_code_signs_no_user_in() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock).start();
    let flow = Flow::start(&server, "google").await;
    let redirect = mock.authorize(&flow.url);
    assert_eq!(location(&open(&flow.browser, &redirect).await), "/welcome");
    let other = Flow::start(&server, "google").await;
    let again = with_parameter(&redirect, "state", Some(&other.state()));
    let answer = open(&other.browser, &again).await;
    assert_eq!(location(&answer), "/failed?error=invalid_code");
    assert!(!is_signed_in(&other.browser).await);
    assert_eq!(server.rows(SESSIONS), 1);
}

#[tokio::test]
async fn an_answer_without_a_code_is_rejected() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock).start();
    for code in [None, Some("")] {
        let flow = Flow::start(&server, "google").await;
        let redirect = with_parameter(&mock.authorize(&flow.url), "code", code);
        let answer = open(&flow.browser, &redirect).await;
        assert_eq!(location(&answer), "/failed?error=no_code");
    }
    assert_eq!(mock.token_requests().len(), 0);
    assert_nothing_stored(&server, "no code");
}

#[tokio::test]
async fn an_answer_with_two_codes_is_rejected() {
    let mock = MockProvider::for_provider("google");
    let server = storing("database", &mock).start();
    let flow = Flow::start(&server, "google").await;
    mock.misbehave(Fault::RepeatedCode);
    let answer = flow.finish(&mock).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "VALIDATION_ERROR"),
        "{answer}"
    );
    assert_eq!(mock.token_requests().len(), 0);
    assert_nothing_stored(&server, "two codes");
}

/// The verifier and the state have the strength that Better Auth gives them, and every request has its own.
#[tokio::test]
async fn every_request_has_its_own_state_and_verifier() {
    let mock = MockProvider::for_provider("github");
    let server = server_with("github", &mock).start();
    let flows = [
        Flow::start(&server, "github").await,
        Flow::start(&server, "github").await,
    ];
    let [first, second] = flows.each_ref().map(|flow| {
        let challenge = parameter(&flow.url, "code_challenge");
        assert_eq!(parameter(&flow.url, "code_challenge_method"), "S256");
        assert!(!flow.url.contains("code_verifier"));
        (flow.state(), challenge)
    });
    assert!(first.0 != second.0 && first.1 != second.1);
}

//! Attacks with the authorization proxy: any page can send a browser there with a request that an attacker has started.

use portcullis_testkit::{Answer, MockProvider};
use serde_json::json;

use super::{
    location,
    sign_in::{receive, with_application},
};
use crate::social::{
    flow::{self, Flow, error_of, is_signed_in, open},
    server_with, server_with_generic,
};

const LINKED: &str = "select from account where \"providerId\" <> 'credential'";
const SESSIONS: &str = "select from session";

/// Asserts that an answer was rejected like one to a browser that did not start the request.
fn assert_mismatch(answer: &Answer, context: &str) {
    assert_eq!(error_of(answer), "state_mismatch", "{context}: {answer}");
    assert_eq!(answer.cookies().count(), 0, "{context}: {answer}");
}

/// The victim approves at the provider, or has done so before.
#[tokio::test]
async fn a_state_planted_through_the_proxy_cannot_link_an_account() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock)
        .set(
            "PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_DIFFERENT_EMAILS",
            "true",
        )
        .start();
    let eve = server.signed_up("eve").await;
    for callback in ["myapp://linked", "/linked"] {
        let body = json!({ "provider": "google", "callbackURL": callback, "errorCallbackURL": "/failed" });
        let url = Flow::begin_with(&eve, "/link-social", &body).await;
        let victim = server.anonymous();
        let approved = mock.authorize(&receive(&victim, &url).await);
        assert_mismatch(&open(&victim, &approved).await, callback);
        assert_eq!(server.rows(LINKED), 0, "{callback}");
        assert_eq!(mock.token_requests().len(), 0, "{callback}");

        // The state belongs to the browser that started the request, and is still valid there.
        if callback == "/linked" {
            let answer = open(&eve, &mock.authorize(&url)).await;
            assert_eq!(location(&answer), "/linked", "{answer}");
            assert_eq!(server.rows(LINKED), 1);
        }
    }
}

/// Login CSRF: the victim would be signed in as the attacker, whose answer of the provider the victim's browser delivers.
#[tokio::test]
async fn a_state_planted_through_the_proxy_signs_in_no_web_page() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock).start();
    let attacker = server.anonymous();
    let mut last = String::new();
    for (callback, new_user) in [
        ("myapp://home", "/welcome"),
        ("http://localhost:5173/home", "myapp://welcome"),
        ("/home", "/welcome"),
    ] {
        let body = json!({
            "provider": "google",
            "callbackURL": callback,
            "newUserCallbackURL": new_user,
            "errorCallbackURL": "/failed",
        });
        let url = Flow::begin_with(&attacker, "/sign-in/social", &body).await;
        let victim = server.anonymous();
        receive(&victim, &url).await;
        let answer = open(&victim, &mock.authorize(&url)).await;
        assert_mismatch(&answer, callback);
        assert!(!is_signed_in(&victim).await, "{callback}");
        assert_eq!(server.rows(SESSIONS), 0, "{callback}");
        last = url;
    }
    assert_eq!(mock.token_requests().len(), 0);

    let answer = open(&attacker, &mock.authorize(&last)).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert!(is_signed_in(&attacker).await);
}

#[tokio::test]
async fn a_state_planted_through_the_proxy_is_rejected_at_generic_providers() {
    let mock = MockProvider::for_preset("keycloak");
    let server = with_application(server_with_generic(&mock), &mock).start();
    let eve = server.signed_up("eve").await;
    for (path, callback) in [
        ("/sign-in/oauth2", "/home"),
        ("/oauth2/link", "/linked"),
        ("/oauth2/link", "myapp://linked"),
    ] {
        let body = json!({ "providerId": "keycloak", "callbackURL": callback });
        let url = Flow::begin_with(&eve, path, &body).await;
        let victim = server.anonymous();
        let approved = mock.authorize(&receive(&victim, &url).await);
        assert_mismatch(&open(&victim, &approved).await, path);
        assert!(!is_signed_in(&victim).await, "{path}");
        assert_eq!(server.rows(LINKED), 0, "{path}");
    }
    assert_eq!(mock.token_requests().len(), 0);
}

/// The victim's own sign-in keeps the planted state in the cookie of the earlier one.
#[tokio::test]
async fn a_state_planted_through_the_proxy_is_rejected_as_an_earlier_state_too() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock).start();
    let attacker = Flow::start(&server, "google").await;
    let victim = server.anonymous();
    receive(&victim, &attacker.url).await;
    let own = Flow::begin(&victim, "google").await;
    assert!(victim.cookies().contains("better-auth.state_earlier="));

    let answer = open(&victim, &mock.authorize(&attacker.url)).await;
    assert_mismatch(&answer, "the earlier state");
    assert_eq!(server.rows(SESSIONS), 0);
    let answer = open(&victim, &mock.authorize(&own)).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
}

/// A state in a cookie contains the whole request, and the proxy sets no such cookie.
#[tokio::test]
async fn a_state_planted_through_the_proxy_is_rejected_if_states_are_stored_in_cookies() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock)
        .set("PORTCULLIS_ACCOUNT__STORE_STATE_STRATEGY", "cookie")
        .start();
    let attacker = server.anonymous();
    let body = json!({ "provider": "google", "callbackURL": "myapp://home" });
    let url = Flow::begin_with(&attacker, "/sign-in/social", &body).await;
    let victim = server.anonymous();
    receive(&victim, &url).await;
    let answer = open(&victim, &mock.authorize(&url)).await;
    assert_eq!(error_of(&answer), "please_restart_the_process", "{answer}");
    assert_eq!(server.rows(SESSIONS), 0);
}

/// A sign-in in the browser that started it is not affected by the plugin.
#[tokio::test]
async fn a_sign_in_of_a_page_is_accepted_with_the_plugin() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock).start();
    let (browser, answer) = flow::sign_in(&server, &mock).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert!(is_signed_in(&browser).await);
}

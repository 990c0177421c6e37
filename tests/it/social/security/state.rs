//! The state of an answer: only the browser that was sent to the provider can return, once, and in time.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, MockProvider};

use super::{STRATEGIES, assert_nothing_stored, storing};
use crate::social::{
    ERROR_PAGE, SESSIONS,
    flow::{Flow, is_signed_in, open, with_parameter},
    location,
};

fn assert_error(answer: &Answer, query: &str, context: &str) {
    assert_eq!(
        location(answer),
        format!("{ERROR_PAGE}?{query}"),
        "{context}: {answer}"
    );
}

/// GHSA-wxw3-q3m9-c3jr (CVE-2026-67335): the victim's browser has a state cookie, but not that of this state.
#[tokio::test]
async fn the_answer_to_another_browser_is_rejected() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let attacker = Flow::start(&server, "google").await;
        let victim = Flow::start(&server, "google").await;
        let redirect = mock.authorize(&attacker.url);

        let answer = open(&victim.browser, &redirect).await;
        assert_error(&answer, "error=state_mismatch", strategy);
        let answer = open(&server.anonymous(), &redirect).await;
        let error = if strategy == "cookie" {
            "error=please_restart_the_process"
        } else {
            "error=state_mismatch"
        };
        assert_error(&answer, error, strategy);
        assert_nothing_stored(&server, strategy);
        assert_eq!(mock.token_requests().len(), 0, "{strategy}");
        assert!(!is_signed_in(&victim.browser).await);

        // Neither flow has ended.
        assert_eq!(
            location(&open(&attacker.browser, &redirect).await),
            "/welcome",
            "{strategy}"
        );
        assert_eq!(location(&victim.finish(&mock).await), "/done", "{strategy}");
    }
}

#[tokio::test]
async fn an_answer_without_a_state_or_with_an_unknown_one_is_rejected() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let flow = Flow::start(&server, "google").await;
        let redirect = mock.authorize(&flow.url);
        let unknown = "a".repeat(32);
        let changed = |value: Option<&str>| with_parameter(&redirect, "state", value);

        for nothing in [None, Some("")] {
            let answer = open(&flow.browser, &changed(nothing)).await;
            assert_error(&answer, "state=state_not_found", strategy);
        }
        for other in [unknown.as_str(), "a", &"a".repeat(4000), "oauth-state:x"] {
            let answer = open(&flow.browser, &changed(Some(other))).await;
            let error = if strategy == "cookie" {
                "error=state_mismatch"
            } else {
                "error=please_restart_the_process"
            };
            assert_error(&answer, error, strategy);
        }
        assert_nothing_stored(&server, strategy);
        assert_eq!(mock.token_requests().len(), 0, "{strategy}");
    }
}

/// Stores the cookies of another browser too.
fn copy_cookies(from: &str, to: &Caller) {
    for cookie in from.split("; ") {
        let (name, value) = cookie.split_once('=').unwrap();
        to.set_cookie(name, value);
    }
}

#[tokio::test]
async fn a_state_is_valid_once() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let flow = Flow::start(&server, "google").await;
        let before = flow.browser.cookies();
        let redirect = mock.authorize(&flow.url);
        let other = mock.authorize(&flow.url);
        assert_eq!(location(&open(&flow.browser, &redirect).await), "/welcome");

        for again in [&redirect, &other] {
            let answer = open(&flow.browser, again).await;
            assert_error(&answer, "error=please_restart_the_process", strategy);
            let copy = server.anonymous();
            copy_cookies(&before, &copy);
            let answer = open(&copy, again).await;
            assert_error(&answer, "error=please_restart_the_process", strategy);
            assert!(!is_signed_in(&copy).await);
        }
        assert_eq!(server.rows(SESSIONS), 1, "{strategy}");
        assert_eq!(mock.token_requests().len(), 1, "{strategy}");
    }
}

/// An answer that reports an error ends the state too.
#[tokio::test]
async fn the_state_of_a_refused_sign_in_cannot_be_used_again() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let flow = Flow::start(&server, "google").await;
        let answer = open(&flow.browser, &mock.deny(&flow.url)).await;
        let expected = "/failed?error=access_denied&error_description=The+user+refused";
        assert_eq!(location(&answer), expected, "{strategy}");
        let answer = flow.finish(&mock).await;
        assert_error(&answer, "error=please_restart_the_process", strategy);
        assert_nothing_stored(&server, strategy);
    }
}

#[tokio::test]
async fn an_expired_state_is_rejected() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let flow = Flow::start(&server, "google").await;
        for clock in [&server.clock, &mock.clock] {
            clock.advance(TimeDelta::minutes(10) + TimeDelta::seconds(1));
        }
        let answer = flow.finish(&mock).await;
        assert_error(&answer, "error=please_restart_the_process", strategy);
        assert_nothing_stored(&server, strategy);
        assert_eq!(mock.token_requests().len(), 0, "{strategy}");
    }
}

/// The cookie is signed or encrypted.
#[tokio::test]
async fn an_altered_state_cookie_is_rejected() {
    for (strategy, name) in STRATEGIES.into_iter().zip(["state", "oauth_state"]) {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let flow = Flow::start(&server, "google").await;
        let cookies = flow.browser.cookies();
        let prefix = format!("better-auth.{name}=");
        let value = cookies
            .split("; ")
            .find_map(|cookie| cookie.strip_prefix(&prefix))
            .unwrap();
        let swapped = if value.starts_with('0') { "1" } else { "0" };
        let altered = format!("{swapped}{}", &value[1..]);
        flow.browser.set_cookie(&format!("better-auth.{name}"), &altered);
        let answer = flow.finish(&mock).await;
        let error = if strategy == "cookie" {
            "error=please_restart_the_process"
        } else {
            "error=state_mismatch"
        };
        assert_error(&answer, error, strategy);
        assert_nothing_stored(&server, strategy);
    }
}

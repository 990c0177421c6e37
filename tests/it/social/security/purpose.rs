//! GHSA-965c-763c-88jm (CVE-2026-110862): a state, presented as every other secret, and every other secret, presented as a
//! state.

use portcullis_testkit::{Answer, Caller, MockProvider, TestServer, percent_encoded, signed};
use serde_json::json;

use super::{STRATEGIES, storing};
use crate::social::{
    SESSIONS,
    flow::{self, Flow, error_of, is_signed_in, open, with_parameter},
    location,
};

const VICTIM: &str = "victim@example.com";
const STATE_COOKIES: [&str; 2] = ["better-auth.state", "better-auth.oauth_state"];

/// A server with every route that takes a secret.
fn generous(strategy: &str, mock: &MockProvider) -> TestServer {
    storing(strategy, mock)
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start()
}

/// Presents a secret wherever another one is expected.
async fn present_everywhere(server: &TestServer, secret: &str, owner: &Caller) -> Vec<(String, Answer)> {
    let caller = server.anonymous();
    let reset = json!({ "token": secret, "newPassword": "password5678" });
    let encoded = percent_encoded(secret);
    let session = percent_encoded(&signed(secret));
    let cookie = |name: &str, value: &str| format!("better-auth.{name}={value}");
    let calls = [
        caller.post("/reset-password", &reset),
        caller.get(&format!("/reset-password/{encoded}?callbackURL=/done")),
        caller
            .post("/delete-user", &json!({ "token": secret }))
            .header("cookie", &owner.cookies()),
        caller
            .get(&format!("/delete-user/callback?token={encoded}"))
            .header("cookie", &owner.cookies()),
        caller.get(&format!("/verify-email?token={encoded}")),
        caller
            .get("/get-session")
            .header("authorization", &format!("Bearer {secret}")),
        caller
            .get("/get-session")
            .header("authorization", &format!("Bearer {session}")),
        caller
            .get("/get-session")
            .header("cookie", &cookie("session_token", &encoded)),
        caller
            .get("/get-session")
            .header("cookie", &cookie("session_token", &session)),
        caller
            .get("/get-session")
            .header("cookie", &cookie("session_data", &encoded)),
        caller
            .post("/two-factor/verify-totp", &json!({ "code": "000000" }))
            .header("cookie", &cookie("two_factor", &session)),
    ];
    let mut answers = Vec::new();
    for (number, call) in calls.into_iter().enumerate() {
        answers.push((format!("request {number}"), call.send().await));
    }
    answers
}

/// Whether an answer shows that the secret was not accepted.
fn is_refused(answer: &Answer) -> bool {
    let is_error_redirect = answer.status == 302 && error_of(answer) == "INVALID_TOKEN";
    let has_session = answer
        .cookies()
        .any(|line| line.contains("session_token=") && !line.contains("Max-Age=0"));
    !has_session && (answer.status >= 400 || is_error_redirect || answer.body == "null")
}

/// The published attack: `additionalData` names the victim, and the state is used as a token.
#[tokio::test]
async fn a_state_is_accepted_only_by_the_callback() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = generous(strategy, &mock);
        let owner = server.signed_up("victim").await;
        let mut body = flow::body("google");
        body["additionalData"] =
            json!({ "email": VICTIM, "userId": "x", "type": "sign-in", "value": VICTIM });
        let browser = server.anonymous();
        let url = Flow::begin_with(&browser, "/sign-in/social", &body).await;
        let flow = Flow { browser, url };
        let cookies = flow.browser.cookies();
        let values = cookies
            .split("; ")
            .filter_map(|cookie| cookie.split_once('='))
            .map(|(_, value)| value);
        let secrets: Vec<String> = [flow.state()]
            .into_iter()
            .chain(values.map(str::to_owned))
            .collect();
        assert!(secrets.len() > 1, "{cookies}");
        for secret in &secrets {
            for (request, answer) in present_everywhere(&server, secret, &owner).await {
                assert!(is_refused(&answer), "{strategy}, {request}: {answer}");
            }
        }
        assert_eq!(server.rows(SESSIONS), 1, "{strategy}");
        assert!(is_signed_in(&owner).await);
        assert_eq!(location(&flow.finish(&mock).await), "/welcome", "{strategy}");
    }
}

/// Requests a token of each purpose for the user, and returns the tokens.
async fn other_secrets(server: &TestServer, owner: &Caller) -> Vec<String> {
    let mut secrets = Vec::new();
    for (path, body, to) in [
        ("/request-password-reset", json!({ "email": VICTIM }), VICTIM),
        ("/send-verification-email", json!({ "email": VICTIM }), VICTIM),
        ("/delete-user", json!({}), VICTIM),
        (
            "/change-email",
            json!({ "newEmail": "new@example.com" }),
            "new@example.com",
        ),
    ] {
        let asked = owner.post(path, &body).send().await;
        assert_eq!(asked.status, 200, "{path}: {asked}");
        secrets.push(server.mailbox.next(to).await.token);
    }
    secrets.extend(server.shown("select token from session"));
    secrets
}

#[tokio::test]
async fn no_other_secret_is_accepted_as_a_state() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = generous(strategy, &mock);
        let owner = server.signed_up("victim").await;
        let flow = Flow::start(&server, "google").await;
        let redirect = mock.authorize(&flow.url);
        let rows = "select from verification";
        for secret in other_secrets(&server, &owner).await {
            let stored = server.rows(rows);
            let browser = server.anonymous();
            for cookie in STATE_COOKIES {
                for value in [percent_encoded(&signed(&secret)), percent_encoded(&secret)] {
                    browser.set_cookie(cookie, &value);
                    let answer = open(&browser, &with_parameter(&redirect, "state", Some(&secret))).await;
                    let error = error_of(&answer);
                    let is_known = ["please_restart_the_process", "state_mismatch"].contains(&error.as_str());
                    assert!(is_known, "{strategy}: {answer}");
                }
            }
            assert!(!is_signed_in(&browser).await, "{strategy}");
            assert_eq!(
                server.rows(rows),
                stored,
                "{strategy}: another secret was consumed"
            );
        }
        assert_eq!(server.rows(SESSIONS), 1, "{strategy}");
        assert_eq!(mock.token_requests().len(), 0, "{strategy}");
    }
}

/// The session data is encrypted by other purposes than the state.
#[tokio::test]
async fn the_session_cookie_cache_is_not_accepted_as_a_state() {
    for encoding in ["compact", "jwt", "jwe"] {
        let mock = MockProvider::for_provider("google");
        let server = storing("cookie", &mock)
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", encoding)
            .start();
        let owner = server.signed_up("victim").await;
        let cookies = owner.cookies();
        let copy = cookies
            .split("; ")
            .find_map(|cookie| cookie.strip_prefix("better-auth.session_data="));
        let browser = server.anonymous();
        browser.set_cookie("better-auth.oauth_state", copy.unwrap());
        let flow = Flow::start(&server, "google").await;
        let answer = open(&browser, &mock.authorize(&flow.url)).await;
        assert_eq!(
            error_of(&answer),
            "please_restart_the_process",
            "{encoding}: {answer}"
        );
        assert!(!is_signed_in(&browser).await, "{encoding}");
    }
}

//! Apple's `response_mode=form_post`: the browser posts the answer from Apple's site, without cookies of this server.

use portcullis_testkit::{Answer, MockProvider, TestServer};
use reqwest::Url;

use super::assert_nothing_stored;
use crate::social::{
    ERROR_PAGE, SESSIONS,
    flow::{Flow, is_signed_in, open},
    location, server_with,
};

/// Posts the answer as a browser does that sends no cookies with a form of another site.
async fn post(server: &TestServer, redirect: &str) -> Answer {
    let url = Url::parse(redirect).unwrap();
    server
        .anonymous()
        .call("POST", url.path())
        .header("origin", "https://appleid.apple.com")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .body("application/x-www-form-urlencoded", url.query().unwrap())
        .send()
        .await
}

#[tokio::test]
async fn a_form_of_apple_signs_in_the_browser_that_started() {
    let mock = MockProvider::for_provider("apple");
    let server = server_with("apple", &mock).start();
    let flow = Flow::start(&server, "apple").await;
    let posted = post(&server, &mock.authorize(&flow.url)).await;
    let next = location(&posted).to_owned();
    assert!(
        next.starts_with("http://localhost:3000/api/auth/callback/apple?"),
        "{next}"
    );
    assert!(!next.contains("id_token"), "{next}");
    assert_eq!(posted.cookies().count(), 0, "{posted}");
    assert_nothing_stored(&server, "before the redirect");
    assert_eq!(mock.token_requests().len(), 0);

    let answer = open(&flow.browser, &next).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert!(is_signed_in(&flow.browser).await);
    assert_eq!(
        server.shown(r#"select name from "user""#).as_deref(),
        Some("Ada Lovelace")
    );
    assert_eq!(server.rows(SESSIONS), 1);
}

/// The redirect does not drop the binding to the browser.
#[tokio::test]
async fn a_form_of_apple_does_not_sign_in_another_browser() {
    let mock = MockProvider::for_provider("apple");
    let server = server_with("apple", &mock).start();
    let attacker = Flow::start(&server, "apple").await;
    let victim = Flow::start(&server, "apple").await;
    let posted = post(&server, &mock.authorize(&attacker.url)).await;
    let answer = open(&victim.browser, location(&posted)).await;
    assert_eq!(location(&answer), format!("{ERROR_PAGE}?error=state_mismatch"));
    assert!(!is_signed_in(&victim.browser).await);
    assert_nothing_stored(&server, "another browser");
}

//! Sign-ins with providers that an application starts, and that continue in a browser.

use portcullis_testkit::{Answer, Caller, MockProvider, TestServerBuilder, percent_encoded};
use serde_json::{Value, json};

use super::{ADA, location, passed};
use crate::social::{
    flow::{is_signed_in, open},
    server_with, server_with_generic,
};

const SESSION: &str = "better-auth.session_token=";

/// Supports an application with the scheme `myapp`, and trusts the provider's authorization server.
pub(super) fn with_application(server: TestServerBuilder, mock: &MockProvider) -> TestServerBuilder {
    let origins = format!("myapp://,http://localhost:5173,{}", mock.url(""));
    server
        .set("BETTER_AUTH_TRUSTED_ORIGINS", &origins)
        .set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
}

/// Starts a sign-in or a link as the official client does, and returns the URL of the provider.
async fn begin(application: &Caller, path: &str, body: &Value) -> String {
    let call = application.post(path, body).without("origin");
    let answer = call.header("expo-origin", "myapp://").send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["url"].as_str().unwrap().to_owned()
}

/// Opens the authorization proxy in a browser, and returns the URL to which the browser is sent.
pub(super) async fn receive(browser: &Caller, url: &str) -> String {
    let path = format!(
        "/expo-authorization-proxy?authorizationURL={}",
        percent_encoded(url)
    );
    let answer = browser.get(&path).send().await;
    assert_eq!(answer.status, 302, "{answer}");
    location(&answer).to_owned()
}

/// The cookie of the session that a redirect passes to the application.
fn session(answer: &Answer) -> String {
    let cookies = passed(answer).unwrap();
    let mut lines = cookies.split(", ");
    let line = lines.find(|line| line.starts_with(SESSION)).unwrap();
    line.split(';').next().unwrap().to_owned()
}

/// Asserts that the redirect signs Ada in in the application, and that the browser itself only loses the state.
async fn assert_only_application_is_signed_in(application: &Caller, browser: &Caller, answer: &Answer) {
    assert!(location(answer).starts_with("myapp://home?cookie="), "{answer}");
    let call = application.get("/get-session");
    let found = call.header("cookie", &session(answer)).send().await;
    assert_eq!(found.json()["user"]["email"], ADA, "{found}");

    let lines: Vec<_> = answer.cookies().collect();
    assert_eq!(lines.len(), 1, "{answer}");
    assert!(lines[0].starts_with("better-auth.state=; Max-Age=0;"), "{answer}");
    assert!(!is_signed_in(browser).await);
}

#[tokio::test]
async fn an_application_signs_in_through_the_authorization_proxy() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock).start();
    // The first sign-in creates the user, the second one finds the user.
    for _ in 0..2 {
        let (application, browser) = (server.anonymous(), server.anonymous());
        let body = json!({ "provider": "google", "callbackURL": "myapp://home" });
        let url = begin(&application, "/sign-in/social", &body).await;
        let url = receive(&browser, &url).await;
        let answer = open(&browser, &mock.authorize(&url)).await;
        assert_only_application_is_signed_in(&application, &browser, &answer).await;
    }
}

#[tokio::test]
async fn an_application_signs_in_with_a_generic_provider_through_the_authorization_proxy() {
    let mock = MockProvider::for_preset("keycloak");
    let server = with_application(server_with_generic(&mock), &mock).start();
    let (application, browser) = (server.anonymous(), server.anonymous());
    let body = json!({ "providerId": "keycloak", "callbackURL": "myapp://home" });
    let url = begin(&application, "/sign-in/oauth2", &body).await;
    let url = receive(&browser, &url).await;
    let answer = open(&browser, &mock.authorize(&url)).await;
    assert_only_application_is_signed_in(&application, &browser, &answer).await;
}

/// The session is for the application: the browser's own user, and what a browser keeps of several users, stay.
#[tokio::test]
async fn a_sign_in_of_an_application_changes_no_session_of_the_browser() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock)
        .set("PORTCULLIS_PLUGINS__ANONYMOUS__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__MULTI_SESSION__ENABLED", "true")
        .start();
    let (guest, bob) = (server.anonymous(), server.signed_up("bob").await);
    let answer = guest.post("/sign-in/anonymous", &json!({})).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    for browser in [&guest, &bob] {
        let (before, application) = (browser.cookies(), server.anonymous());
        let user = browser.get("/get-session").send().await.json()["user"].clone();
        let body = json!({ "provider": "google", "callbackURL": "myapp://home" });
        let url = begin(&application, "/sign-in/social", &body).await;
        let url = receive(browser, &url).await;
        let answer = open(browser, &mock.authorize(&url)).await;

        assert!(session(&answer).starts_with(SESSION), "{answer}");
        let cookies = passed(&answer).unwrap();
        assert!(cookies.contains("better-auth.session_token_multi-"), "{answer}");
        assert_eq!(browser.cookies(), before);
        let found = browser.get("/get-session").send().await.json();
        assert_eq!(found["user"], user);
    }
    assert_eq!(server.rows(r#"select from "user""#), 3);
}

#[tokio::test]
async fn an_application_whose_user_refuses_receives_no_session() {
    let mock = MockProvider::for_provider("google");
    let server = with_application(server_with("google", &mock), &mock).start();
    let (application, browser) = (server.anonymous(), server.anonymous());
    let body = json!({
        "provider": "google",
        "callbackURL": "myapp://home",
        "errorCallbackURL": "myapp://failed",
    });
    let url = begin(&application, "/sign-in/social", &body).await;
    let url = receive(&browser, &url).await;
    let answer = open(&browser, &mock.deny(&url)).await;
    let expected = "myapp://failed?error=access_denied";
    assert!(location(&answer).starts_with(expected), "{answer}");
    assert!(!passed(&answer).unwrap().contains("session_token"), "{answer}");
    assert_eq!(server.rows("select from session"), 0);
}

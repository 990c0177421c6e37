//! The header `expo-origin`, and the origins of applications.

use portcullis_testkit::{Caller, TestServer};
use serde_json::json;

use super::{follow, with_plugin};

const REJECTED: (u16, &str) = (403, "INVALID_ORIGIN");

/// What an application sends: its scheme as origin, and its cookies.
async fn call(app: &Caller, headers: &[(&str, &str)]) -> (u16, String) {
    let mut call = app
        .post("/update-user", &json!({ "name": "A" }))
        .without("origin");
    for (name, value) in headers {
        call = call.header(name, value);
    }
    let answer = call.send().await;
    let code = if answer.status == 200 {
        String::new()
    } else {
        answer.code()
    };
    (answer.status, code)
}

fn is(outcome: &(u16, String), expected: (u16, &str)) {
    assert_eq!((outcome.0, outcome.1.as_str()), expected);
}

#[tokio::test]
async fn an_application_names_its_scheme_as_its_origin() {
    let server = TestServer::with()
        .set("BETTER_AUTH_TRUSTED_ORIGINS", "myapp://,http://localhost:5173")
        .set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
        .start();
    let app = server.signed_up("ada").await;
    is(&call(&app, &[("expo-origin", "myapp://")]).await, (200, ""));
    is(&call(&app, &[("expo-origin", "myapp:///home")]).await, (200, ""));
    is(
        &call(&app, &[("expo-origin", "exp://10.0.0.7:8081")]).await,
        (200, ""),
    );
    is(&call(&app, &[("expo-origin", "evil://")]).await, REJECTED);
    is(
        &call(&app, &[("expo-origin", "https://evil.test")]).await,
        REJECTED,
    );
}

/// A browser always sends `Origin` with a request that changes something.
#[tokio::test]
async fn the_origin_of_a_browser_precedes_that_of_an_application() {
    let server = TestServer::with()
        .set("BETTER_AUTH_TRUSTED_ORIGINS", "myapp://,http://localhost:5173")
        .set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true")
        .start();
    let app = server.signed_up("ada").await;
    let own = ("expo-origin", "myapp://");
    is(
        &call(&app, &[own, ("origin", "https://evil.test")]).await,
        REJECTED,
    );
    let (status, _) = call(&app, &[own, ("origin", "null")]).await;
    assert_eq!(status, 403);
    let evil = ("expo-origin", "evil://");
    is(
        &call(&app, &[evil, ("origin", "http://localhost:5173")]).await,
        (200, ""),
    );
}

#[tokio::test]
async fn a_page_of_another_origin_may_not_send_the_header() {
    let server = with_plugin().start();
    let preflight = server
        .anonymous()
        .call("OPTIONS", "/api/auth/update-user")
        .header("origin", "https://evil.test")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "expo-origin")
        .send()
        .await;
    assert_eq!(preflight.status, 404);
    assert_eq!(preflight.header("access-control-allow-headers"), None);
}

#[tokio::test]
async fn the_header_is_ignored_without_the_plugin_and_if_the_override_is_disabled() {
    let disabled = ("PORTCULLIS_PLUGINS__EXPO__DISABLE_ORIGIN_OVERRIDE", "true");
    let enabled = ("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true");
    for (settings, expected) in [
        (&[][..], (200, "")),
        (&[enabled, disabled], (200, "")),
        (&[enabled], REJECTED),
    ] {
        let builder = settings.iter().fold(TestServer::with(), |builder, (key, value)| {
            builder.set(key, value)
        });
        let server = builder.start();
        let app = server.signed_up("ada").await;
        let page = ("referer", "http://localhost:5173/page");
        is(&call(&app, &[page, ("expo-origin", "evil://")]).await, expected);
    }
}

#[tokio::test]
async fn expo_go_is_trusted_in_development_only() {
    let enabled = || TestServer::with().set("PORTCULLIS_PLUGINS__EXPO__ENABLED", "true");
    let production = enabled()
        .set("PORTCULLIS_MODE", "production")
        .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
        .set("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false");
    for (builder, status) in [(enabled(), 302), (TestServer::with(), 403), (production, 403)] {
        let server = builder.start();
        let answer = follow(&server, "none", "exp://10.0.0.7:8081/--/home").await;
        assert_eq!(answer.status, status, "{answer}");
    }
}

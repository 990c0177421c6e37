use portcullis_application::testing::{FakePorts, FakeStore};

use super::{Answer, TOKEN, ask, get, options, post, send_with};
use crate::{Route, roll_call};

/// Parameters that contain one-time secrets.
const SECRETS: [&str; 3] = ["code", "state", "token"];

fn has_secret(route: &Route) -> bool {
    let is_declared = |name: &&str| route.query().is_some_and(|schema| schema.declares(name));
    route.path.contains("/:token") || SECRETS.iter().any(is_declared)
}

fn assert_hidden(answer: &Answer, url: &str) {
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{url}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{url}");
}

#[test]
fn every_route_with_a_token_in_its_url_is_marked() {
    for route in roll_call::routes() {
        assert_eq!(
            route.has_secret_url,
            has_secret(route),
            "{} {}",
            route.method,
            route.path
        );
    }
    assert_eq!(roll_call::routes().filter(|route| has_secret(route)).count(), 13);
}

/// For every outcome: rejected, redirected, failed or too large.
#[actix_web::test]
async fn responses_to_urls_with_a_token_are_not_cached_and_send_no_referrer() {
    for (path, status) in [
        ("/verify-email?token=topsecret", 401),
        ("/verify-email?token=topsecret&callbackURL=/x", 302),
        ("/verify-email?token=topsecret&callbackURL=https://evil.test", 403),
        ("/verify-email?token=topsecret&token=topsecret", 400),
        ("/reset-password/topsecret", 400),
        ("/reset-password/topsecret?callbackURL=//evil.test", 403),
        // The store expects no call.
        ("/reset-password/topsecret?callbackURL=", 500),
        ("/reset-password/topsecret?callbackURL=/x", 500),
        ("/delete-user/callback?token=topsecret", 404),
        ("/delete-user/callback", 400),
    ] {
        let answer = ask(get(&format!("/api/auth{path}"))).await;
        assert_eq!(answer.status, status, "{path}");
        assert_hidden(&answer, path);
    }
    let answer = ask(post("/reset-password?token=topsecret", "{}")).await;
    assert_eq!(answer.status, 400);
    assert_hidden(&answer, "/reset-password");
    let path = format!("/api/auth/verify-email?token=topsecret&x={}", "x".repeat(20_000));
    let answer = ask(get(&path)).await;
    assert_eq!(answer.status, 431);
    assert_hidden(&answer, "a long head");
}

#[actix_web::test]
async fn other_responses_have_no_referrer_policy() {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    for request in [
        get("/api/auth/ok"),
        get("/api/auth/get-session").insert_header(("x-cookie", TOKEN)),
    ] {
        let answer = send_with(&ports, options(), request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("referrer-policy")),
            (200, None)
        );
    }
}

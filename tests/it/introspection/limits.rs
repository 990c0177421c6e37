//! Rate limits of services' requests.

use super::*;

fn limited() -> TestServerBuilder {
    with(&[])
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__MAX", "5")
}

#[tokio::test]
async fn requests_of_authenticated_services_are_not_counted() {
    let server = limited().start();
    let ada = server.signed_up("ada").await;
    for _ in 0..20 {
        assert!(is_active(&server, &cookie(&ada)).await);
        assert_eq!(ask(&server, REVOKE, "unknown").await.status, 200);
    }
}

#[tokio::test]
async fn failed_client_authentication_is_counted_by_address() {
    let server = limited().start();
    let anonymous = server.anonymous();
    let fail = async |path: &str| {
        let call =
            unauthenticated(&anonymous, path, form("x")).header("authorization", &basic("api", "wrong"));
        call.send().await
    };
    for _ in 0..5 {
        assert_eq!(fail(INTROSPECT).await.status, 401);
    }
    let denied = fail(INTROSPECT).await;
    assert_eq!(denied.status, 429);
    assert_eq!(denied.header("retry-after"), Some("10"));
    // Each path has its own count.
    assert_eq!(fail(REVOKE).await.status, 401);
    // An attacker with the address of a service must not lock it out.
    assert!(!is_active(&server, "x").await);
    server.clock.advance(chrono::TimeDelta::seconds(10));
    assert_eq!(fail(INTROSPECT).await.status, 401);
}

#[tokio::test]
async fn malformed_requests_are_counted_by_address() {
    let server = limited().start();
    let anonymous = server.anonymous();
    let malformed = async || {
        let call = unauthenticated(&anonymous, INTROSPECT, "a=1&a=2".to_owned());
        call.send().await.status
    };
    for _ in 0..5 {
        assert_eq!(malformed().await, 400);
    }
    assert_eq!(malformed().await, 429);
}

#[tokio::test]
async fn an_authenticated_service_is_not_limited_by_its_rejected_requests() {
    let server = limited().start();
    let anonymous = server.anonymous();
    for _ in 0..8 {
        let call = anonymous.call("POST", &format!("/api/auth{INTROSPECT}"));
        let form = format!("client_id=api&client_secret={SERVICE_SECRET}");
        let answer = call.body("application/x-www-form-urlencoded", form).send().await;
        assert_eq!(answer.status, 400, "{answer}");
    }
}

#[tokio::test]
async fn a_custom_rule_limits_the_failures_of_a_path() {
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/oauth2/introspect 10 1")
        .start();
    let anonymous = server.anonymous();
    let mut found = Vec::new();
    for _ in 0..2 {
        let answer = unauthenticated(&anonymous, INTROSPECT, form("x")).send().await;
        found.push(answer.status);
    }
    assert_eq!(found, [401, 429]);
}

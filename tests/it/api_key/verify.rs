//! Verification for services.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn a_service_verifies_a_key() {
    let server = with_plugin().start();
    let key = create(&server.signed_up("ada").await, json!({ "name": "ci" })).await;
    assert_snapshot!(verify(&server, json!({ "key": key.text })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"valid":true,"error":null,"key":{"name":"ci","start":"XEANRy","prefix":null,"userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":null,"refillAmount":null,"lastRefillAt":null,"enabled":true,"rateLimitEnabled":true,"rateLimitTimeWindow":86400000,"rateLimitMax":10,"requestCount":1,"remaining":null,"lastRequest":"2026-01-01T00:00:00.000Z","expiresAt":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":null,"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}}
    "#);
    assert_snapshot!(verify(&server, json!({ "key": "unknown" })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"valid":false,"error":{"code":"INVALID_API_KEY","message":"Invalid API key."},"key":null}
    "#);
    assert_snapshot!(verify(&server, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.key] Invalid input: expected string, received undefined"}
    "#);
}

#[tokio::test]
async fn only_services_verify_keys() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({})).await;
    let body = json!({ "key": key.text });
    let answer = ada.post("/portcullis/api-key/verify", &body).send().await;
    assert_snapshot!(answer, @r#"
    401
    content-type: application/json
    www-authenticate: Basic realm="portcullis", charset="UTF-8"
    {"code":"INVALID_CLIENT_CREDENTIALS","message":"Invalid client credentials"}
    "#);
    assert_eq!(
        server
            .shown(r#"(select "requestCount" from "apikey")"#)
            .as_deref(),
        Some("0")
    );
}

#[tokio::test]
async fn a_key_that_is_not_accepted_is_refused_with_its_reason() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({ "expiresIn": 86_400 })).await;
    for (change, code) in [
        (r#""enabled" = false"#, "KEY_DISABLED"),
        (
            r#""enabled" = true, "remaining" = 0, "refillAmount" = 1"#,
            "USAGE_EXCEEDED",
        ),
        (
            r#""remaining" = null, "rateLimitMax" = 0, "lastRequest" = '2026-01-01'"#,
            "RATE_LIMITED",
        ),
        (r#""rateLimitMax" = null"#, ""),
    ] {
        server.execute(&format!(r#"update "apikey" set {change}"#));
        assert_eq!(refusal(&server, &key).await, code, "{change}");
    }
    server.clock.advance(TimeDelta::days(2));
    assert_eq!(refusal(&server, &key).await, "KEY_EXPIRED");
    assert_eq!(refusal(&server, &key).await, "INVALID_API_KEY");
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
}

#[tokio::test]
async fn a_service_learns_when_a_key_may_be_used_again() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let key = create_for_ada(
        &server,
        json!({ "rateLimitMax": 1, "rateLimitTimeWindow": 60_000 }),
    )
    .await;
    assert_eq!(refusal(&server, &key).await, "");
    server.clock.advance(TimeDelta::seconds(10));
    assert_snapshot!(verify(&server, json!({ "key": key.text })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"valid":false,"error":{"code":"RATE_LIMITED","message":"Rate limit exceeded.","details":{"tryAgainIn":50000}},"key":null}
    "#);
    server.clock.advance(TimeDelta::seconds(51));
    assert_eq!(refusal(&server, &key).await, "");
}

#[tokio::test]
async fn a_key_is_valid_only_for_its_permissions() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let key = create_for_ada(&server, json!({ "permissions": { "file": ["read", "list"] } })).await;
    let plain = create_for_ada(&server, json!({})).await;
    for (key, wanted, is_valid) in [
        (&key, json!({ "file": ["read"] }), true),
        (&key, json!({ "file": ["read", "write"] }), false),
        (&key, json!({ "user": ["read"] }), false),
        (&key, json!({}), false),
        (&plain, json!({ "file": ["read"] }), false),
    ] {
        let body = json!({ "key": key.text, "permissions": wanted });
        let verdict = verify(&server, body).await.json();
        assert_eq!(verdict["valid"], json!(is_valid), "{wanted}");
        if !is_valid {
            assert_eq!(verdict["error"]["code"], "KEY_NOT_FOUND");
        }
    }
}

#[tokio::test]
async fn the_remaining_uses_of_a_key_are_refilled() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let members = json!({ "remaining": 1, "refillAmount": 2, "refillInterval": 60_000 });
    let key = create_for_ada(&server, members).await;
    assert_eq!(refusal(&server, &key).await, "");
    assert_eq!(refusal(&server, &key).await, "USAGE_EXCEEDED");
    server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(refusal(&server, &key).await, "");
    assert_eq!(refusal(&server, &key).await, "");
    assert_eq!(refusal(&server, &key).await, "USAGE_EXCEEDED");
}

/// A failure of the database must not be reported as an invalid key.
#[tokio::test]
async fn a_key_is_neither_valid_nor_invalid_during_an_outage() {
    let server = with_plugin()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    let answer = verify(&server, json!({ "key": "x".repeat(64) })).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
}

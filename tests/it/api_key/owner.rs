//! The routes of owners.

use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn an_owner_creates_reads_changes_and_deletes_a_key() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let created = post(
        &ada,
        "create",
        json!({ "name": "ci", "prefix": "app_", "expiresIn": 86_400 }),
    )
    .await;
    assert_snapshot!(created, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"ci","start":"app_XE","prefix":"app_","key":"app_XEANRyDJwZrEkMFuZRyGXoJtewduhdaIfsjfxpekRzBboEDfdMWywcykepwilCLp","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":null,"refillAmount":null,"lastRefillAt":null,"enabled":true,"rateLimitEnabled":true,"rateLimitTimeWindow":86400000,"rateLimitMax":10,"requestCount":0,"remaining":null,"lastRequest":null,"expiresAt":"2026-01-02T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":null,"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}
    "#);
    let key = Key::of(&created);
    assert_snapshot!(ada.get(&format!("/api-key/get?id={}", key.id)).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"ci","start":"app_XE","prefix":"app_","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":null,"refillAmount":null,"lastRefillAt":null,"enabled":true,"rateLimitEnabled":true,"rateLimitTimeWindow":86400000,"rateLimitMax":10,"requestCount":0,"remaining":null,"lastRequest":null,"expiresAt":"2026-01-02T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":null,"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}
    "#);
    assert_snapshot!(ada.get("/api-key/list").send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    [{"name":"ci","start":"app_XE","prefix":"app_","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":null,"refillAmount":null,"lastRefillAt":null,"enabled":true,"rateLimitEnabled":true,"rateLimitTimeWindow":86400000,"rateLimitMax":10,"requestCount":0,"remaining":null,"lastRequest":null,"expiresAt":"2026-01-02T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":null,"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}]
    "#);
    let change = json!({ "keyId": key.id, "name": "laptop", "enabled": false, "expiresIn": null });
    assert_snapshot!(post(&ada, "update", change).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"laptop","start":"app_XE","prefix":"app_","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":null,"refillAmount":null,"lastRefillAt":null,"enabled":false,"rateLimitEnabled":true,"rateLimitTimeWindow":86400000,"rateLimitMax":10,"requestCount":0,"remaining":null,"lastRequest":null,"expiresAt":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":null,"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}
    "#);
    assert_snapshot!(post(&ada, "delete", json!({ "keyId": key.id })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"success":true}
    "#);
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_key_is_reported_as_by_better_auth() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__MAXIMUM_NAME_LENGTH", "5")
        .set("PORTCULLIS_PLUGINS__API_KEY__REQUIRE_NAME", "true")
        .start();
    let ada = server.signed_up("ada").await;
    for (body, status, code) in [
        (json!({ "name": 1 }), 400, "VALIDATION_ERROR"),
        (json!({ "prefix": "a b" }), 400, "VALIDATION_ERROR"),
        (json!({ "expiresIn": 0 }), 400, "VALIDATION_ERROR"),
        (
            json!({ "userId": "other" }),
            401,
            "UNAUTHORIZED_OR_INVALID_SESSION",
        ),
        (json!({ "metadata": {} }), 400, "METADATA_IS_DISABLED"),
        (
            json!({ "expiresIn": 86_399 }),
            400,
            "THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE",
        ),
        (
            json!({ "expiresIn": 1e300 }),
            400,
            "THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE",
        ),
        (
            json!({ "prefix": "x".repeat(33) }),
            400,
            "THE_PREFIX_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL",
        ),
        (
            json!({ "name": "laptop" }),
            400,
            "THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL",
        ),
        (json!({ "name": "" }), 400, "API_KEY_NAME_IS_REQUIRED"),
    ] {
        let answer = post(&ada, "create", body.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
    }
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
    let signed_out = post(&server.anonymous(), "create", json!({})).await;
    assert_snapshot!(signed_out, @r#"
    401
    content-type: application/json
    {"code":"UNAUTHORIZED_OR_INVALID_SESSION","message":"Unauthorized or invalid session"}
    "#);
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_reported_as_by_better_auth() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_METADATA", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({ "metadata": { "team": 1 } })).await;
    for (mut body, status, code) in [
        (json!({ "keyId": "none", "name": "a" }), 404, "API_KEY_NOT_FOUND"),
        (json!({}), 400, "NO_VALUES_TO_UPDATE"),
        (
            json!({ "metadata": "text" }),
            400,
            "METADATA_MUST_BE_AN_OBJECT_OR_UNDEFINED",
        ),
        (
            json!({ "name": "" }),
            400,
            "THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL",
        ),
        (
            json!({ "expiresIn": 5 }),
            400,
            "THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE",
        ),
        (
            json!({ "userId": "other" }),
            401,
            "UNAUTHORIZED_OR_INVALID_SESSION",
        ),
    ] {
        if body["keyId"].is_null() {
            body["keyId"] = json!(key.id);
        }
        let answer = post(&ada, "update", body.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
    }
    let answer = post(&ada, "update", json!({ "keyId": key.id, "metadata": null })).await;
    assert_eq!(answer.json()["metadata"], json!(null), "{answer}");
}

/// Better Auth returns at most a hundred keys, in any order.
#[tokio::test]
async fn all_keys_are_listed_from_the_oldest() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    server.execute(
        r#"insert into "apikey" ("id", "key", "userId", "createdAt", "updatedAt")
           select 'key-' || n, 'digest-' || n, (select "id" from "user"), '2026-01-01'::timestamptz - n * interval '1 hour', now()
           from generate_series(1, 250) as n"#,
    );
    let list = ada.get("/api-key/list").send().await.json();
    let ids: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["id"].as_str().unwrap())
        .collect();
    assert_eq!((ids.len(), ids[0], ids[249]), (250, "key-250", "key-1"));
}

#[tokio::test]
async fn a_user_has_a_limited_number_of_keys() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__MAX_PER_USER", "2")
        .start();
    let ada = server.signed_up("ada").await;
    for _ in 0..2 {
        create(&ada, json!({})).await;
    }
    let answer = post(&ada, "create", json!({})).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "API_KEY_LIMIT_REACHED")
    );
    create(&server.signed_up("bob").await, json!({})).await;
}

/// Earlier versions of Better Auth store metadata as a text within a text.
#[tokio::test]
async fn metadata_is_read_in_both_forms() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({})).await;
    for (stored, expected) in [
        (r#"'{"a":1}'"#, json!({ "a": 1 })),
        (r#"'"{\"a\":1}"'"#, json!({ "a": 1 })),
        ("'null'", json!(null)),
        ("null", json!(null)),
        ("'no json'", json!(null)),
    ] {
        server.execute(&format!(r#"update "apikey" set "metadata" = {stored}"#));
        let answer = ada.get(&format!("/api-key/get?id={}", key.id)).send().await;
        assert_eq!(answer.json()["metadata"], expected, "{stored}");
    }
}

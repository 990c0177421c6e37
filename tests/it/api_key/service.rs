//! The routes of services that are administrators.

use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn an_administrator_service_manages_keys_with_every_member() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_METADATA", "true")
        .start();
    server.signed_up("ada").await;
    let members = json!({
        "name": "worker", "prefix": "app_", "expiresIn": 172_800, "remaining": 10, "refillAmount": 10,
        "refillInterval": 60_000, "rateLimitMax": 100, "rateLimitTimeWindow": 1000, "rateLimitEnabled": true,
        "permissions": { "file": ["read"] }, "metadata": { "team": 1 },
    });
    let key = create_for_ada(&server, members).await;
    let caller = server.anonymous();
    let get = async |path: &str| {
        let call = caller.get(&format!("/portcullis/admin/api-keys/{path}"));
        let call = call.header("authorization", &basic("ops", &operator_secret()));
        call.send().await
    };
    assert_snapshot!(get(&format!("get?id={}", key.id)).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"worker","start":"app_XE","prefix":"app_","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":60000,"refillAmount":10,"lastRefillAt":null,"enabled":true,"rateLimitEnabled":true,"rateLimitTimeWindow":1000,"rateLimitMax":100,"requestCount":0,"remaining":10,"lastRequest":null,"expiresAt":"2026-01-03T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":{"file":["read"]},"metadata":{"team":1},"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}
    "#);
    let owner = server.shown(r#"(select "id" from "user")"#).unwrap();
    let list = get(&format!("list?userId={owner}")).await.json();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let change = json!({
        "keyId": key.id, "enabled": false, "remaining": 3, "refillAmount": 0, "refillInterval": 0,
        "rateLimitMax": 5, "rateLimitTimeWindow": 5, "rateLimitEnabled": false, "permissions": null,
        "metadata": [], "expiresIn": null, "name": "other",
    });
    assert_snapshot!(manage(&server, "update", change).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"other","start":"app_XE","prefix":"app_","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","refillInterval":0,"refillAmount":0,"lastRefillAt":null,"enabled":false,"rateLimitEnabled":false,"rateLimitTimeWindow":5,"rateLimitMax":5,"requestCount":0,"remaining":3,"lastRequest":null,"expiresAt":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","permissions":null,"metadata":[],"id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}
    "#);
    let of_another = json!({ "keyId": key.id, "userId": "another", "name": "third" });
    let refused = manage(&server, "update", of_another).await;
    assert_eq!(refused.code(), "API_KEY_NOT_FOUND");
    assert_snapshot!(manage(&server, "delete", json!({ "keyId": key.id })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"success":true}
    "#);
    assert_eq!(
        get(&format!("get?id={}", key.id)).await.code(),
        "API_KEY_NOT_FOUND"
    );
}

#[tokio::test]
async fn what_a_service_may_not_store_is_reported() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let owner = server.shown(r#"(select "id" from "user")"#).unwrap();
    for (body, status, code) in [
        (json!({}), 400, "VALIDATION_ERROR"),
        (json!({ "userId": "none" }), 404, "USER_NOT_FOUND"),
        (
            json!({ "userId": owner, "remaining": 1.5 }),
            400,
            "VALIDATION_ERROR",
        ),
        (
            json!({ "userId": owner, "remaining": -1 }),
            400,
            "VALIDATION_ERROR",
        ),
        (
            json!({ "userId": owner, "rateLimitMax": 2_147_483_648_u32 }),
            400,
            "VALIDATION_ERROR",
        ),
        (
            json!({ "userId": owner, "refillAmount": 5 }),
            400,
            "REFILLAMOUNT_IS_REQUIRED_WHEN_REFILLINTERVAL_IS_PROVIDED",
        ),
        (
            json!({ "userId": owner, "refillInterval": 5 }),
            400,
            "REFILLINTERVAL_IS_REQUIRED_WHEN_REFILLAMOUNT_IS_PROVIDED",
        ),
    ] {
        let answer = manage(&server, "create", body.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
    }
    for path in ["update", "delete"] {
        let body = json!({ "keyId": "none", "name": "a" });
        assert_eq!(manage(&server, path, body).await.code(), "API_KEY_NOT_FOUND");
    }
}

/// A mistyped id must not look like success.
#[tokio::test]
async fn the_keys_of_an_unknown_user_are_not_an_empty_list() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let owner = server.shown(r#"(select "id" from "user")"#).unwrap();
    for (user, status) in [(owner.as_str(), 200), ("none", 404)] {
        let call = ada.get(&format!("/portcullis/admin/api-keys/list?userId={user}"));
        let call = call.header("authorization", &basic("ops", &operator_secret()));
        let answer = call.send().await;
        assert_eq!(answer.status, status, "{answer}");
    }
}

#[tokio::test]
async fn a_service_makes_the_uses_of_a_key_unlimited_again() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let key = create_for_ada(&server, json!({ "remaining": 1 })).await;
    assert_eq!(refusal(&server, &key).await, "");
    let body = json!({ "keyId": key.id, "remaining": null });
    let changed = manage(&server, "update", body).await;
    assert_eq!(changed.json()["remaining"], json!(null), "{changed}");
    assert_eq!(refusal(&server, &key).await, "");
}

#[tokio::test]
async fn the_rejection_of_a_service_names_the_setting_that_makes_it_an_administrator() {
    let server = with_plugin().start();
    let anonymous = server.anonymous();
    let call = anonymous.post("/portcullis/admin/api-keys/delete", &json!({ "keyId": "a" }));
    let call = call.header("authorization", &basic("api", SERVICE_SECRET));
    assert_snapshot!(call.send().await, @r#"
    403
    content-type: application/json
    {"code":"SERVICE_IS_NOT_AN_ADMINISTRATOR","message":"Service `api` is not an administrator: set `clients.api.administrator = true`"}
    "#);
}

#[tokio::test]
async fn a_service_that_is_no_administrator_manages_no_keys() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({})).await;
    let path = "/portcullis/admin/api-keys/delete";
    let body = json!({ "keyId": key.id });
    for (authorization, status) in [
        (basic("api", SERVICE_SECRET), 403),
        (basic("ops", SERVICE_SECRET), 401),
        (String::new(), 401),
    ] {
        let call = ada.post(path, &body).header("authorization", &authorization);
        assert_eq!(call.send().await.status, status, "{authorization}");
    }
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 1);
}

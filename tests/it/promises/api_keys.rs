//! The codes of API keys.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, TestServerBuilder, basic};
use serde_json::{Value, json};

use super::Produced;

fn with_keys() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__MAX_PER_USER", "1")
        .set("PORTCULLIS_CLIENTS__OPS__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__OPS__ADMINISTRATOR", "true")
}

async fn create(produced: &Produced, caller: &Caller, bodies: &[Value]) {
    for body in bodies {
        produced.post(caller, "/api-key/create", body.clone()).await;
    }
}

/// What is wrong with a new key.
async fn creation(produced: &Produced) {
    let server = with_keys().start();
    let ada = server.signed_up("ada").await;
    create(produced, &server.anonymous(), &[json!({})]).await;
    let wrong = [
        json!({ "remaining": 1 }),
        json!({ "metadata": {} }),
        json!({ "expiresIn": 1 }),
        json!({ "expiresIn": 1e12 }),
        json!({ "prefix": "x".repeat(33) }),
        json!({ "name": "x".repeat(33) }),
        json!({}),
        json!({}),
    ];
    create(produced, &ada, &wrong).await;
    let strict = with_keys()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_METADATA", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__REQUIRE_NAME", "true")
        .set(
            "PORTCULLIS_PLUGINS__API_KEY__KEY_EXPIRATION__DISABLE_CUSTOM_EXPIRES_TIME",
            "true",
        )
        .start();
    let ada = strict.signed_up("ada").await;
    let wrong = [
        json!({}),
        json!({ "metadata": 1 }),
        json!({ "expiresIn": 172_800 }),
    ];
    create(produced, &ada, &wrong).await;
}

/// What is wrong with a key that exists.
async fn keys(produced: &Produced) {
    let server = with_keys().start();
    let ada = server.signed_up("ada").await;
    let created = ada
        .post("/api-key/create", &json!({ "expiresIn": 86_400 }))
        .send()
        .await
        .json();
    let update = |id: &Value| json!({ "keyId": id });
    produced
        .post(&ada, "/api-key/update", update(&json!("none")))
        .await;
    produced
        .post(&ada, "/api-key/update", update(&created["id"]))
        .await;
    let key = created["key"].as_str().unwrap();
    let anonymous = server.anonymous();
    let with_key = anonymous.get("/list-sessions").header("x-api-key", key);
    produced.note(&with_key.send().await);
    for change in [
        r#""enabled" = false"#,
        r#""enabled" = true, "remaining" = 0, "refillAmount" = 1"#,
        r#""remaining" = null, "rateLimitMax" = 0, "lastRequest" = '2026-01-01'"#,
    ] {
        server.execute(&format!(r#"update "apikey" set {change}"#));
        produced.note(&anonymous.get("/ok").header("x-api-key", key).send().await);
    }
    server.clock.advance(TimeDelta::days(2));
    for _ in 0..2 {
        produced.note(&anonymous.get("/ok").header("x-api-key", key).send().await);
    }
}

/// What services do wrong.
async fn services(produced: &Produced) {
    let server = with_keys()
        .set(
            "PORTCULLIS_CLIENTS__API__SECRET",
            &SERVICE_SECRET.replace('a', "b"),
        )
        .start();
    let ada = server.signed_up("ada").await;
    let user = ada.get("/get-session").send().await.json()["user"]["id"].clone();
    let caller = server.anonymous();
    for (authorization, body) in [
        (String::new(), json!({})),
        (basic("api", &SERVICE_SECRET.replace('a', "b")), json!({})),
        (basic("ops", SERVICE_SECRET), json!({ "userId": "none" })),
        (
            basic("ops", SERVICE_SECRET),
            json!({ "userId": user, "refillAmount": 1 }),
        ),
        (
            basic("ops", SERVICE_SECRET),
            json!({ "userId": user, "refillInterval": 1 }),
        ),
    ] {
        let call = caller.post("/portcullis/admin/api-keys/create", &body);
        produced.note(&call.header("authorization", &authorization).send().await);
    }
}

pub(super) async fn met(produced: &Produced) {
    creation(produced).await;
    keys(produced).await;
    services(produced).await;
}

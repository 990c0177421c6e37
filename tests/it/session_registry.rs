//! `GET /list-sessions`, `POST /revoke-session`, `/revoke-sessions` and `/revoke-other-sessions`.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

async fn token(caller: &Caller) -> Value {
    let answer = caller.get("/get-session").send().await.json();
    answer.pointer("/session/token").cloned().unwrap_or_default()
}

async fn revoke(caller: &Caller, token: &Value) -> Answer {
    caller
        .post("/revoke-session", &json!({ "token": token }))
        .send()
        .await
}

async fn is_present(caller: &Caller) -> bool {
    let cookies = caller.cookies();
    let answer = caller.get("/get-session").header("cookie", &cookies).send().await;
    answer.body != "null"
}

#[tokio::test]
async fn a_users_sessions_are_listed_the_newest_first() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::seconds(1));
    server.signed_in("ada").await;
    assert_snapshot!(ada.get("/list-sessions").send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    [{"expiresAt":"2026-01-08T00:00:01.000Z","token":"w2ilC4L0p87HzUE7DCDTa5TWX7CRWWvD","createdAt":"2026-01-01T00:00:01.000Z","updatedAt":"2026-01-01T00:00:01.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"XEANRyDJwZr2EkMF392uZRyGX8oJtewd"},{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"}]
    "#);
}

#[tokio::test]
async fn neither_expired_sessions_nor_those_of_others_are_listed() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(6));
    let bob = server.signed_up("bob").await;
    let ada = server.signed_in("ada").await;
    server.clock.advance(TimeDelta::days(2));
    let (of_ada, of_bob) = (token(&ada).await, token(&bob).await);
    let list = ada.get("/list-sessions").send().await;
    let tokens: Vec<Value> = list
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["token"].clone())
        .collect();
    assert_eq!(tokens, [of_ada]);
    assert!(!list.to_string().contains(of_bob.as_str().unwrap()));
}

#[tokio::test]
async fn revoke_session_ends_one_session_of_the_user() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let elsewhere = server.signed_in("ada").await;
    let other = token(&elsewhere).await;
    let answer = revoke(&ada, &other).await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    assert_eq!(
        (is_present(&ada).await, is_present(&elsewhere).await),
        (true, false)
    );
    assert_eq!(revoke(&ada, &other).await.to_string(), answer.to_string());
}

/// The class of GHSA-4vcf-q4xf-f48m, for sessions: a request can name only the caller's own sessions.
#[tokio::test]
async fn another_users_session_is_not_revoked_and_answered_like_an_unknown_one() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let bob = server.signed_up("bob").await;
    let of_bob = token(&bob).await;
    let answer = revoke(&ada, &of_bob).await;
    assert_eq!(answer.status, 200);
    for unknown in [json!(""), json!("none"), json!("x".repeat(4096))] {
        assert_eq!(revoke(&ada, &unknown).await.to_string(), answer.to_string());
    }
    assert!(is_present(&bob).await);
    assert_eq!(server.rows("select 1 from session"), 2);
}

#[tokio::test]
async fn revoking_the_own_session_ends_it_and_clears_no_cookie() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let own = token(&ada).await;
    assert_eq!(revoke(&ada, &own).await.cookies().count(), 0);
    assert!(!is_present(&ada).await);
}

#[tokio::test]
async fn revoke_other_sessions_ends_every_other_session_of_the_user() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let elsewhere = server.signed_in("ada").await;
    let bob = server.signed_up("bob").await;
    let answer = ada.post("/revoke-other-sessions", &json!({})).send().await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    let present = (
        is_present(&ada).await,
        is_present(&elsewhere).await,
        is_present(&bob).await,
    );
    assert_eq!(present, (true, false, true));
}

#[tokio::test]
async fn revoke_sessions_ends_every_session_of_the_user() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let elsewhere = server.signed_in("ada").await;
    let bob = server.signed_up("bob").await;
    let answer = ada
        .post("/revoke-sessions", &json!({ "userId": "any" }))
        .send()
        .await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    let present = (
        is_present(&ada).await,
        is_present(&elsewhere).await,
        is_present(&bob).await,
    );
    assert_eq!(present, (false, false, true));
}

#[tokio::test]
async fn revoke_session_requires_a_string_token() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for (body, message) in [
        (
            json!({}),
            "[body.token] Invalid input: expected string, received undefined",
        ),
        (
            json!({ "token": null }),
            "[body.token] Invalid input: expected string, received null",
        ),
        (
            json!({ "token": ["x"] }),
            "[body.token] Invalid input: expected string, received array",
        ),
        (
            json!({ "token": "a\0" }),
            "[body.token] Invalid string: must not include NUL",
        ),
        (json!([]), "[body] Invalid input: expected object, received array"),
        (
            json!(null),
            "[body] Invalid input: expected object, received null",
        ),
    ] {
        let answer = ada.post("/revoke-session", &body).send().await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({ "code": "VALIDATION_ERROR", "message": message })
        );
    }
}

/// wire: a route without a schema accepts any JSON, or no body.
#[tokio::test]
async fn revoking_all_sessions_ignores_the_body() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for body in [json!(null), json!([]), json!("x"), json!({ "token": 1 })] {
        let answer = ada.post("/revoke-other-sessions", &body).send().await;
        assert_eq!(answer.status, 200, "{body}");
    }
    let call = ada.call("POST", "/api/auth/revoke-sessions");
    let answer = call.header("origin", "http://localhost:3000").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(server.rows("select 1 from session"), 0);
}

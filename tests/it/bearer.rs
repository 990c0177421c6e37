//! `plugins.bearer`: session tokens in the `Authorization` header.

use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

fn with_bearer() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
}

async fn signed(server: &TestServer) -> (Caller, String) {
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let caller = server.anonymous();
    let answer = caller.post("/sign-up/email", &body).send().await;
    let token = answer.header("set-auth-token").unwrap_or_default().to_owned();
    (caller, token)
}

async fn read(server: &TestServer, authorization: &str) -> Answer {
    let caller = server.anonymous();
    let call = caller.get("/get-session").header("authorization", authorization);
    call.send().await
}

fn decoded(token: &str) -> String {
    token.replace("%2F", "/").replace("%2B", "+").replace("%3D", "=")
}

#[tokio::test]
async fn a_bearer_token_is_accepted_in_each_form() {
    let server = with_bearer().start();
    let (_, token) = signed(&server).await;
    let raw = token.split('.').next().unwrap().to_owned();
    for authorization in [
        format!("Bearer {token}"),
        format!("Bearer {}", decoded(&token)),
        format!("Bearer {raw}"),
        format!("bearer {token}"),
        format!("BEARER {raw}"),
        token.clone(),
        raw.clone(),
    ] {
        let answer = read(&server, &authorization).await;
        assert_eq!(answer.json()["user"]["name"], "ada", "{authorization}");
        assert_eq!(answer.cookies().count(), 0, "{authorization}");
    }
}

#[tokio::test]
async fn an_invalid_bearer_token_is_ignored_and_clears_no_cookie() {
    let server = with_bearer().start();
    let (ada, token) = signed(&server).await;
    let (raw, _) = token.split_once('.').unwrap();
    for authorization in [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Basic YTpi",
        "Bearer x",
        "Bearer x.y",
        &format!("Bearer {raw}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D"),
        &format!("Bearer {token}x"),
    ] {
        let bearer_only = read(&server, authorization).await;
        assert_eq!(
            (bearer_only.body.as_str(), bearer_only.cookies().count()),
            ("null", 0),
            "{authorization}"
        );
        // An invalid bearer token must not clear a valid cookie.
        let with_cookie = ada
            .get("/get-session")
            .header("authorization", authorization)
            .send()
            .await;
        assert_eq!(with_cookie.json()["user"]["name"], "ada", "{authorization}");
        assert_eq!(with_cookie.cookies().count(), 0, "{authorization}");
    }
}

#[tokio::test]
async fn an_unsigned_token_is_rejected_if_signatures_are_required() {
    let server = with_bearer()
        .set("PORTCULLIS_PLUGINS__BEARER__REQUIRE_SIGNATURE", "true")
        .start();
    let (_, token) = signed(&server).await;
    let raw = token.split('.').next().unwrap();
    assert_eq!(read(&server, &format!("Bearer {raw}")).await.body, "null");
    assert_eq!(
        read(&server, &format!("Bearer {token}")).await.json()["user"]["name"],
        "ada"
    );
}

#[tokio::test]
async fn a_cookie_takes_precedence_over_a_bearer_token() {
    let server = with_bearer().start();
    let (_, token) = signed(&server).await;
    let eve = server.signed_up("eve").await;
    let both = eve
        .get("/get-session")
        .header("authorization", &format!("Bearer {token}"))
        .send()
        .await;
    assert_eq!(both.json()["user"]["name"], "eve");
}

#[tokio::test]
async fn a_bearer_client_updates_the_user_and_signs_out_without_an_origin() {
    let server = with_bearer().start();
    let (_, token) = signed(&server).await;
    let authorization = format!("Bearer {token}");
    let native = server.anonymous();
    let update = native
        .post("/update-user", &json!({ "name": "Countess" }))
        .without("origin");
    let answer = update.header("authorization", &authorization).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let out = native
        .post("/sign-out", &json!({}))
        .header("authorization", &authorization)
        .send()
        .await;
    assert_eq!(out.status, 200);
    assert_eq!(server.rows("select from session"), 0);
}

#[tokio::test]
async fn pages_on_trusted_origins_can_read_the_token() {
    let server = with_bearer().start();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let caller = server.anonymous();
    let call = caller
        .post("/sign-up/email", &body)
        .header("origin", "http://localhost:5173");
    assert_snapshot!(call.send().await, @r#"
    200
    access-control-allow-credentials: true
    access-control-allow-origin: http://localhost:5173
    access-control-expose-headers: set-auth-token
    cache-control: no-store
    content-type: application/json
    set-auth-token: 3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn a_disabled_bearer_plugin_returns_and_accepts_no_token() {
    let server = TestServer::start();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let answer = server.anonymous().post("/sign-up/email", &body).send().await;
    assert_eq!(answer.header("set-auth-token"), None);
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(read(&server, &format!("Bearer {token}")).await.body, "null");
}

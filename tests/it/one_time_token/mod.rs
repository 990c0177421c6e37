//! The plugin `one_time_token`.

mod attacks;

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const GENERATE: &str = "/one-time-token/generate";
const VERIFY: &str = "/one-time-token/verify";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__ENABLED", "true")
}

fn with_headers() -> TestServerBuilder {
    with_plugin().set(
        "PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__SET_OTT_HEADER_ON_NEW_SESSION",
        "true",
    )
}

async fn generate(caller: &Caller) -> String {
    let answer = caller.get(GENERATE).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn verify(client: &Caller, token: &str) -> Answer {
    client.post(VERIFY, &json!({ "token": token })).send().await
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (400, code), "{answer}");
    assert_eq!(answer.cookies().count(), 0, "{answer}");
}

#[tokio::test]
async fn a_user_takes_a_session_to_another_client() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let token = generate(&ada).await;
    let other = server.anonymous();
    assert_snapshot!(verify(&other, &token).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(session(&other).await, session(&ada).await);
    assert_eq!(
        server.rows("select 1 from session"),
        1,
        "both clients have the same session"
    );
}

#[tokio::test]
async fn a_token_is_answered_and_stored_as_its_hash() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(ada.get(GENERATE).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"token":"N40DHy39wPrS4kC5TZSuPHy6NYo9tewd"}
    "#);
    assert_snapshot!(server.shown("select identifier from verification").unwrap(), @"session-hand-over:m897YooHqpHD7HEVtufuLrNlML4SHPqs_svN3wYdl0I");
    assert_snapshot!(server.anonymous().get(GENERATE).send().await, @r#"
    401
    content-type: application/json
    "#);
}

#[tokio::test]
async fn a_token_expires() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let [early, late] = [generate(&ada).await, generate(&ada).await];
    server.clock.advance(TimeDelta::seconds(180));
    assert_eq!(verify(&server.anonymous(), &early).await.status, 200);
    server.clock.advance(TimeDelta::milliseconds(1));
    assert_refused(&verify(&server.anonymous(), &late).await, "TOKEN_EXPIRED");
    assert_refused(&verify(&server.anonymous(), &late).await, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_token_of_a_session_that_has_ended_is_refused() {
    let server = with_plugin().start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    let (of_ada, of_bob) = (generate(&ada).await, generate(&bob).await);
    ada.post("/sign-out", &json!({})).send().await;
    assert_refused(&verify(&server.anonymous(), &of_ada).await, "SESSION_NOT_FOUND");
    server.execute(r#"update session set "expiresAt" = '2025-12-31'"#);
    assert_refused(&verify(&server.anonymous(), &of_bob).await, "SESSION_EXPIRED");
    assert_refused(&verify(&server.anonymous(), &of_bob).await, "INVALID_TOKEN");
}

/// In Better Auth, the next `GET /get-session` extends the session to seven days.
#[tokio::test]
async fn a_session_that_is_not_remembered_stays_so() {
    let server = with_plugin().start();
    let ada = server.anonymous();
    let body =
        json!({ "name": "ada", "email": "ada@example.com", "password": "password1234", "rememberMe": false });
    ada.post("/sign-up/email", &body).send().await;
    let other = server.anonymous();
    let answer = verify(&other, &generate(&ada).await).await;
    let lines: Vec<_> = answer.cookies().collect();
    assert_eq!(lines.len(), 2, "{answer}");
    assert!(lines.iter().all(|line| !line.contains("Max-Age")), "{answer}");
    server.clock.advance(TimeDelta::hours(23));
    let session = session(&other).await["session"].clone();
    assert_eq!(session["expiresAt"], "2026-01-02T00:00:00.000Z");
}

#[tokio::test]
async fn a_client_that_may_not_request_tokens_receives_them_in_headers() {
    let server = with_headers()
        .set(
            "PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__DISABLE_CLIENT_REQUEST",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(ada.get(GENERATE).send().await, @r#"
    400
    content-type: application/json
    {"code":"CLIENT_REQUESTS_ARE_DISABLED","message":"Client requests are disabled"}
    "#);
    assert_eq!(server.anonymous().get(GENERATE).send().await.status, 401);
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    let answer = server.anonymous().post("/sign-in/email", &body).send().await;
    assert_eq!(answer.header("access-control-expose-headers"), Some("set-ott"));
    let token = answer.header("set-ott").unwrap();
    assert_eq!(verify(&server.anonymous(), token).await.status, 200);
}

#[tokio::test]
async fn only_responses_that_store_a_session_contain_a_token() {
    let server = with_headers().start();
    let ada = server.signed_up("ada").await;
    let update = ada.post("/update-user", &json!({ "name": "Ada" })).send().await;
    assert!(update.header("set-ott").is_some(), "{update}");
    for path in ["/get-session", "/list-sessions", "/ok"] {
        let answer = ada.get(path).send().await;
        assert_eq!(answer.header("set-ott"), None, "{path}");
    }
    server.clock.advance(TimeDelta::days(2));
    let renewed = ada.get("/get-session").send().await;
    assert!(renewed.header("set-ott").is_some(), "{renewed}");
    let answer = ada.post("/sign-out", &json!({})).send().await;
    assert_eq!(answer.header("set-ott"), None);
}

#[tokio::test]
async fn a_client_may_receive_a_session_without_a_cookie() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__DISABLE_SET_SESSION_COOKIE",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let other = server.anonymous();
    let answer = verify(&other, &generate(&ada).await).await;
    assert_eq!(answer.json()["user"]["name"], "ada");
    assert_eq!(other.cookies(), "");
}

/// The forms by which a Node server finds a token.
#[tokio::test]
async fn a_token_in_a_shared_database_has_the_configured_form() {
    for (form, length) in [("plain", 32), ("hashed", 43)] {
        let server = with_plugin()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true")
            .set("PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__STORE_TOKEN", form)
            .start();
        let ada = server.signed_up("ada").await;
        let token = generate(&ada).await;
        let identifier = server.shown("select identifier from verification").unwrap();
        let stored = identifier.strip_prefix("one-time-token:").unwrap();
        assert_eq!((stored.len(), stored == token), (length, form == "plain"));
        let session = session(&ada).await["session"]["token"].clone();
        assert_eq!(server.shown("select value from verification").unwrap(), session);
        assert_eq!(verify(&server.anonymous(), &token).await.status, 200);
    }
}

#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_eq!(ada.get(GENERATE).send().await.status, 404);
    assert_eq!(verify(&ada, "x").await.status, 404);
}

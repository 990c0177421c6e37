//! `GET /ok`, `GET /health/live` and `GET /health/ready`.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;

#[tokio::test]
async fn a_server_with_a_database_is_ok_live_and_ready() {
    let server = TestServer::start();
    let caller = server.anonymous();
    assert_snapshot!(caller.get("/ok").send().await, @r#"
    200
    content-type: application/json
    {"ok":true}
    "#);
    assert_snapshot!(caller.call("GET", "/health/live").send().await, @r#"
    200
    content-type: application/json
    {"ok":true}
    "#);
    assert_snapshot!(caller.call("GET", "/health/ready").send().await, @r#"
    200
    content-type: application/json
    {"ok":true}
    "#);
}

#[tokio::test]
async fn a_server_without_its_database_is_live_and_not_ready() {
    let server = TestServer::with()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    let caller = server.anonymous();
    assert_eq!(caller.get("/ok").send().await.status, 200);
    assert_eq!(caller.call("GET", "/health/live").send().await.status, 200);
    assert_snapshot!(caller.call("GET", "/health/ready").send().await, @r#"
    503
    content-type: application/json
    retry-after: 1
    {"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}
    "#);
}

/// An unreachable database must not sign users out.
#[tokio::test]
async fn without_a_database_get_session_answers_503_and_clears_no_cookie() {
    let server = TestServer::start();
    let cookies = server.signed_up("ada").await.cookies();
    let away = TestServer::with()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    let answer = away
        .anonymous()
        .get("/get-session")
        .header("cookie", &cookies)
        .send()
        .await;
    assert_snapshot!(answer, @r#"
    503
    content-type: application/json
    retry-after: 1
    {"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}
    "#);
}

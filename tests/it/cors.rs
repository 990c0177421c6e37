//! CORS: a front end on another origin.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_preflight_of_a_trusted_origin_is_answered() {
    let server = TestServer::start();
    let answer = server
        .anonymous()
        .call("OPTIONS", "/api/auth/sign-in/email")
        .header("origin", "https://app.example.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .send()
        .await;
    assert_snapshot!(answer, @"
    204
    access-control-allow-credentials: true
    access-control-allow-headers: content-type
    access-control-allow-methods: POST
    access-control-allow-origin: https://app.example.com
    access-control-max-age: 7200
    ");
}

#[tokio::test]
async fn a_trusted_origin_may_read_answers_with_credentials() {
    let server = TestServer::start();
    let answer = server
        .anonymous()
        .get("/ok")
        .header("origin", "http://localhost:5173")
        .send()
        .await;
    assert_snapshot!(answer, @r#"
    200
    access-control-allow-credentials: true
    access-control-allow-origin: http://localhost:5173
    content-type: application/json
    {"ok":true}
    "#);
    assert_eq!(answer.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn an_untrusted_origin_gets_no_cors_header() {
    let server = TestServer::start();
    for origin in [
        "https://evil.test",
        "null",
        "https://app.example.com.evil.test",
        "http://app.example.com",
    ] {
        let answer = server
            .anonymous()
            .get("/ok")
            .header("origin", origin)
            .send()
            .await;
        assert!(
            !answer
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control")),
            "{origin}: {answer}"
        );
        assert_eq!(answer.header("vary"), Some("Origin"));
        let preflight = server
            .anonymous()
            .call("OPTIONS", "/api/auth/sign-in/email")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
            .await;
        assert!(
            !preflight
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control")),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_page_on_a_trusted_origin_signs_up() {
    let server = TestServer::start();
    let body = json!({ "name": "n", "email": "n@example.com", "password": "password1234" });
    let answer = server
        .anonymous()
        .post("/sign-up/email", &body)
        .header("origin", "https://app.example.com")
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://app.example.com")
    );
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
}

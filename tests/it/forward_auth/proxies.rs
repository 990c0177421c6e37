//! What Traefik and Envoy send, by their documentation. `tests/proxies` runs nginx and Caddy themselves.

use super::{CHECK, assert_no_identity, identity, ruled};

const SIGN_IN: &str = "http://localhost:3000/sign-in";

/// Traefik sends GET with the headers of the original request, and names it in `X-Forwarded-…`.
#[tokio::test]
async fn traefik_passes_the_answer_on() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    for (caller, status) in [(&ada, 200), (&server.anonymous(), 302)] {
        let answer = caller
            .call("GET", &format!("{CHECK}/signed-in"))
            .header("accept", "text/html")
            .header("x-forwarded-for", "203.0.113.9")
            .header("x-forwarded-host", "localhost:3000")
            .header("x-forwarded-method", "GET")
            .header("x-forwarded-proto", "http")
            .header("x-forwarded-uri", "/notes?a=1")
            .send()
            .await;
        assert_eq!(answer.status, status, "{answer}");
        if status == 302 {
            let location = format!("{SIGN_IN}?callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fnotes%3Fa%3D1");
            assert_eq!(answer.header("location"), Some(location.as_str()));
        }
    }
}

/// Envoy sends the original method to the configured path with the original path and query behind it, and `Host`.
#[tokio::test]
async fn envoy_passes_the_answer_on() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    let path = format!("{CHECK}/signed-in/notes/1?a=1");
    for method in ["GET", "POST", "DELETE"] {
        let passed = ada.call(method, &path).header("content-length", "0").send().await;
        assert_eq!(
            (passed.status, identity(&passed)[1]),
            (200, "ada@example.com"),
            "{method}"
        );
    }
    let browser = server.anonymous();
    let call = browser
        .call("GET", &path)
        .header("accept", "text/html")
        .header("host", "localhost:3000")
        .header("x-forwarded-proto", "http");
    let answer = call.send().await;
    let location = format!("{SIGN_IN}?callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fnotes%2F1%3Fa%3D1");
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some(location.as_str()))
    );
    assert_no_identity(&answer, "envoy");
    let posted = browser
        .call("POST", &path)
        .header("accept", "text/html")
        .send()
        .await;
    assert_eq!(posted.status, 401);
}

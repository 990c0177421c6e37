//! `plugins.forward_auth`: the check that a proxy performs before it passes a request on to an application.

mod attacks;
mod counting;
mod proxies;
mod redirect;
mod rules;

use portcullis_testkit::{Answer, TestServer, TestServerBuilder};
use serde_json::json;

const CHECK: &str = "/api/auth/portcullis/forward-auth";
const IDENTITY: [&str; 4] = [
    "x-portcullis-user-id",
    "x-portcullis-user-email",
    "x-portcullis-session-id",
    "x-portcullis-token",
];

fn with(rules: &str) -> TestServerBuilder {
    TestServer::with().file(&format!("[plugins.forward_auth]\n{rules}"))
}

/// The rules of most tests.
fn ruled() -> TestServerBuilder {
    with(
        r#"
        sign_in_url = "http://localhost:3000/sign-in"
        [plugins.forward_auth.rules.verified]
        require = ["emailVerified=true"]
        [plugins.forward_auth.rules.open]
        allow_anonymous = true
        [plugins.forward_auth.rules.signed-in]
        "#,
    )
}

/// The values of the identity headers. Fails if one is missing or repeated.
fn identity(answer: &Answer) -> [&str; 4] {
    IDENTITY.map(|name| {
        let mut values = answer.headers.iter().filter(|(header, _)| header == name);
        let (_, value) = values.next().unwrap();
        assert!(values.next().is_none(), "{name} is repeated: {answer}");
        value.as_str()
    })
}

fn assert_no_identity(answer: &Answer, what: &str) {
    assert_eq!(identity(answer), [""; 4], "{what}");
    assert_eq!(answer.cookies().count(), 0, "{what}");
}

#[tokio::test]
async fn a_signed_in_user_passes_with_identity_headers() {
    let server = with("").start();
    let ada = server.signed_up("ada").await;
    let answer = ada.call("GET", CHECK).send().await;
    let [id, email, session, token] = identity(&answer);
    assert_eq!(id, server.shown(r#"select id from "user""#).unwrap());
    assert_eq!(session, server.shown("select id from session").unwrap());
    assert_eq!((email, token), ("ada@example.com", ""));
    assert_eq!(answer.cookies().count(), 0);
    let names: Vec<_> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    let own = names.iter().filter(|name| name.starts_with("x-portcullis-"));
    assert_eq!(own.count(), 4, "{answer}");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_client_without_a_session_gets_401_and_empty_identity_headers() {
    let server = with("").start();
    let answer = server.anonymous().call("GET", CHECK).send().await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    assert_eq!(answer.header("location"), None);
    assert_no_identity(&answer, "anonymous");
}

#[tokio::test]
async fn every_method_is_answered_alike_and_the_body_is_not_read() {
    let server = ruled().start();
    let ada = server.signed_up("ada").await;
    let stranger = server.anonymous();
    for method in [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "get",
    ] {
        for path in [
            CHECK.to_owned(),
            format!("{CHECK}/signed-in"),
            format!("{CHECK}/signed-in/x?y=z"),
        ] {
            let passed = ada
                .call(method, &path)
                .header("origin", "https://evil.test")
                .header("sec-fetch-site", "cross-site")
                .body("application/json", "{")
                .send()
                .await;
            assert_eq!(passed.status, 200, "{method} {path}: {passed}");
            assert_eq!(identity(&passed)[1], "ada@example.com", "{method} {path}");
            let refused = stranger.call(method, &path).send().await;
            assert_eq!(refused.status, 401, "{method} {path}: {refused}");
            assert_no_identity(&refused, method);
        }
    }
    let preflight = stranger
        .call("OPTIONS", CHECK)
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "PUT");
    assert_eq!(preflight.send().await.status, 401);
    for method in ["TRACE", "CONNECT"] {
        let request = format!("{method} {CHECK} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(matches!(server.raw_status(request).await, 400 | 405), "{method}");
    }
}

/// Content that is announced and never sent would be waited for if it was read.
#[tokio::test]
async fn a_body_that_is_announced_is_not_waited_for() {
    let server = with("").start();
    let cookies = server.signed_up("ada").await.cookies();
    let request = format!(
        "POST {CHECK} HTTP/1.1\r\nhost: x\r\ncookie: {cookies}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n"
    );
    assert_eq!(server.raw_status(request).await, 200);
}

#[tokio::test]
async fn a_bearer_token_passes_like_a_cookie() {
    let server = with("[plugins.bearer]\n").start();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let answer = server.anonymous().post("/sign-up/email", &body).send().await;
    let signed = answer.header("set-auth-token").unwrap().to_owned();
    let raw = signed.split('.').next().unwrap().to_owned();
    for (token, status) in [
        (&signed, 200),
        (&raw, 200),
        (&format!("{signed}x"), 401),
        (&"x".to_owned(), 401),
    ] {
        let caller = server.anonymous();
        let call = caller
            .call("GET", CHECK)
            .header("authorization", &format!("Bearer {token}"));
        assert_eq!(call.send().await.status, status, "{token}");
    }
}

#[tokio::test]
async fn of_several_cookies_the_first_live_session_passes() {
    let server = with("").start();
    let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
    let (first, second) = (ada.cookies(), eve.cookies());
    ada.post("/sign-out", &json!({})).send().await;
    let both = format!("better-auth.session_token=forged.x; {first}; {second}");
    let answer = server
        .anonymous()
        .call("GET", CHECK)
        .header("cookie", &both)
        .send()
        .await;
    assert_eq!(identity(&answer)[1], "eve@example.com");
    assert_eq!(answer.cookies().count(), 0);
}

#[tokio::test]
async fn the_token_is_a_jwt_of_the_user() {
    let server = with("audience = \"http://localhost:3000\"\n[plugins.jwt]\n").start();
    let ada = server.signed_up("ada").await;
    let answer = ada.call("GET", CHECK).send().await;
    let [id, _, _, token] = identity(&answer);
    let claims: serde_json::Value =
        serde_json::from_slice(&portcullis_testkit::base64url(token.split('.').nth(1).unwrap())).unwrap();
    assert_eq!(
        (&claims["sub"], &claims["aud"]),
        (&json!(id), &json!("http://localhost:3000"))
    );
    assert_eq!(claims["email"], "ada@example.com");
}

#[tokio::test]
async fn a_check_never_renews_a_session() {
    let server = with("").start();
    let ada = server.signed_up("ada").await;
    let expiry = || server.shown(r#"select "expiresAt"::text from session"#).unwrap();
    let before = expiry();
    server.clock.advance(chrono::TimeDelta::days(3));
    assert_eq!(ada.call("GET", CHECK).send().await.status, 200);
    assert_eq!(expiry(), before);
    server.clock.advance(chrono::TimeDelta::days(5));
    let expired = ada.call("GET", CHECK).send().await;
    assert_eq!(expired.status, 401);
    assert_no_identity(&expired, "expired");
}

/// Proxies pass no request on after a 5xx response.
#[tokio::test]
async fn while_the_database_is_away_the_check_fails_and_names_no_user() {
    let cookies = with("").start().signed_up("ada").await.cookies();
    let away = ruled()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    for path in [CHECK.to_owned(), format!("{CHECK}/open")] {
        let caller = away.anonymous();
        let answer = caller.call("GET", &path).header("cookie", &cookies).send().await;
        assert_eq!(answer.status, 503, "{path}: {answer}");
        assert_no_identity(&answer, &path);
    }
}

#[tokio::test]
async fn without_the_plugin_there_is_no_check() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    for path in [CHECK.to_owned(), format!("{CHECK}/verified")] {
        assert_eq!(ada.call("GET", &path).send().await.status, 404, "{path}");
    }
}

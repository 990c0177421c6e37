//! Malformed and hostile requests. The server answers each with a defined error and keeps running.

use std::fmt::Write as _;

use portcullis_http::{Route, routes};
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::json;

const JSON: &str = "application/json";

/// Every `POST` route, with its full path.
fn post_routes() -> impl Iterator<Item = (&'static Route, String)> {
    routes()
        .filter(|route| route.method == "POST")
        .map(|route| (route, route.full_path("/api/auth")))
}

/// Returns the expected status and code. Routes for services report every malformed body by one code of OAuth.
fn expected<'a>(path: &str, status: u16, code: &'a str) -> (u16, &'a str) {
    let services = ["/oauth2/introspect", "/oauth2/revoke"];
    match (services.iter().any(|route| path.ends_with(route)), status) {
        (true, 413) => (413, "invalid_request"),
        (true, _) => (400, "invalid_request"),
        (false, _) => (status, code),
    }
}

/// Sends `body` to every `POST` route, each time as a new signed-in user.
async fn send_to_all(content_type: &str, body: &str) -> Vec<(String, Answer)> {
    let server = TestServer::with_all_features();
    let mut answers = Vec::new();
    for (_, path) in post_routes() {
        let caller = server.signed_up(&format!("user{}", answers.len())).await;
        answers.push((path.clone(), send(&caller, &path, content_type, body).await));
    }
    assert!(server.is_up().await);
    answers
}

async fn send(caller: &Caller, path: &str, content_type: &str, body: &str) -> Answer {
    let call = caller
        .call("POST", path)
        .header("origin", "http://localhost:3000");
    call.body(content_type, body).send().await
}

#[tokio::test]
async fn broken_json_is_refused_everywhere() {
    for body in [
        "{\"email\":",
        "{",
        "\"",
        "nul",
        "{\"a\":1}}",
        "[1,]",
        "{\"a\":\"\\ud800\"}",
    ] {
        for (path, answer) in send_to_all(JSON, body).await {
            assert_eq!(
                (answer.status, answer.code().as_str()),
                expected(&path, 400, "INVALID_JSON"),
                "{path} {body}"
            );
        }
    }
}

#[tokio::test]
async fn json_that_is_nested_too_deeply_is_refused_everywhere() {
    let body = "[".repeat(20_000) + &"]".repeat(20_000);
    for (path, answer) in send_to_all(JSON, &body).await {
        assert_eq!(answer.status, 400, "{path}");
    }
}

#[tokio::test]
async fn other_media_types_are_refused_everywhere() {
    for content_type in [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "x",
    ] {
        for (path, answer) in send_to_all(content_type, "{}").await {
            assert_eq!(
                (answer.status, answer.code().as_str()),
                expected(&path, 415, "UNSUPPORTED_MEDIA_TYPE"),
                "{path} {content_type}"
            );
        }
    }
}

/// PostgreSQL cannot store NUL, so the server must reject it first.
#[tokio::test]
async fn nul_causes_no_server_error() {
    let fields = [
        "name",
        "email",
        "password",
        "image",
        "callbackURL",
        "token",
        "newPassword",
        "currentPassword",
    ];
    let server = TestServer::with_all_features();
    for (number, field) in fields.into_iter().enumerate() {
        for (_, path) in post_routes() {
            let caller = server
                .signed_up(&format!("u{number}{}", path.replace(['/', ':'], "")))
                .await;
            let mut body = json!({
                "name": "n", "email": "n@example.com", "password": "password1234", "token": "t",
                "newPassword": "password5678", "currentPassword": "password1234", "image": "/a",
            });
            body[field] = json!("a\u{0}b");
            let answer = send(&caller, &path, JSON, &body.to_string()).await;
            assert!(answer.status < 500, "{path} {field}: {answer}");
        }
        let query = format!("/get-session?{field}=%00");
        assert!(server.anonymous().get(&query).send().await.status < 500);
    }
    assert_eq!(
        server.rows("select 1 from \"user\" where name like '%' || chr(1) || '%'"),
        0
    );
}

#[tokio::test]
async fn a_duplicate_member_takes_the_last_value_and_a_byte_order_mark_is_ignored() {
    let server = TestServer::start();
    let body = "\u{feff}{\"name\":\"first\",\"name\":\"last\",\"email\":\"n@example.com\",\"password\":\"password1234\"}";
    let answer = send(&server.anonymous(), "/api/auth/sign-up/email", JSON, body).await;
    assert_eq!(
        (answer.status, &answer.json()["user"]["name"]),
        (200, &json!("last"))
    );
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_refused() {
    let server = TestServer::with_all_features();
    let body = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length - 8));
    for (_, path) in post_routes() {
        let caller = server.signed_up(&path.replace(['/', ':'], "")).await;
        let fits = send(&caller, &path, JSON, &body(64 * 1024)).await;
        assert_ne!(fits.status, 413, "{path}");
        let answer = send(&caller, &path, JSON, &body(64 * 1024 + 1)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            expected(&path, 413, "PAYLOAD_TOO_LARGE"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_chunked_body_is_limited_too() {
    let server = TestServer::start();
    let mut request = head(
        "POST",
        "/api/auth/sign-in/email",
        "content-type: application/json\r\ntransfer-encoding: chunked\r\n",
    );
    for _ in 0..70 {
        write!(request, "400\r\n{}\r\n", "x".repeat(1024)).unwrap();
    }
    request.push_str("0\r\n\r\n");
    assert_eq!(server.raw_status(request).await, 413);
    assert!(server.is_up().await);
}

#[tokio::test]
async fn a_head_of_more_than_16_kib_is_refused() {
    let server = TestServer::start();
    for (length, status) in [(15_000, 200), (16 * 1024, 431), (40_000, 431)] {
        let header = format!("x-long: {}\r\n", "x".repeat(length));
        assert_eq!(
            server.raw_status(head("GET", "/api/auth/ok", &header)).await,
            status,
            "{length}"
        );
    }
    let cookies = "cookie: name=value\r\n".repeat(200);
    let answer = server
        .raw_status(head("GET", "/api/auth/get-session", &cookies))
        .await;
    assert!([200, 400, 431].contains(&answer), "{answer}");
    assert!(server.is_up().await);
}

/// GHSA-x732-6j76-qmhm: only the exact path reaches its handler.
#[tokio::test]
async fn other_spellings_of_a_path_are_not_routed() {
    let server = TestServer::start();
    for path in [
        "//api/auth/ok",
        "/api//auth/ok",
        "/api/auth//ok",
        "/api/auth/ok/",
        "/api/auth/ok;x",
        "/api/auth/%6fk",
        "/api/auth%2fok",
        "/api/auth/./ok",
        "/api/auth/x/../ok",
        "/API/auth/ok",
        "/api/auth/OK",
        "/api/authx/ok",
        "/x/api/auth/ok",
        "/api/auth",
        "/api/auth/",
        "",
        "/api/auth/ok%00",
        "/api/auth/ok\\",
        "/ok",
    ] {
        let status = server.raw_status(head("GET", path, "")).await;
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    let absolute = server
        .raw_status(head("GET", "http://evil.test/api/auth/ok", ""))
        .await;
    assert!([200, 400, 404].contains(&absolute), "{absolute}");
}

#[tokio::test]
async fn a_long_method_exceeds_the_head_limit() {
    let server = TestServer::start();
    let method = "M".repeat(60_000);
    assert_eq!(server.raw_status(head(&method, "/", "")).await, 431);
    assert!(server.is_up().await);
}

#[tokio::test]
async fn a_route_accepts_one_method_only() {
    let server = TestServer::start();
    for route in routes() {
        let path = route.full_path("/api/auth");
        for method in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
        ] {
            let is_head_outside_the_base_path = method == "HEAD" && path == route.path;
            let is_answered =
                routes().any(|other| other.method == method && other.full_path("/api/auth") == path);
            if is_answered || is_head_outside_the_base_path {
                continue;
            }
            let answer = server.anonymous().call(method, &path).send().await;
            let status = if method == "TRACE" { 405 } else { 404 };
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (status, ""),
                "{method} {path}"
            );
            assert_eq!(answer.header("content-type"), None, "{method} {path}");
        }
    }
    assert_eq!(
        server
            .raw_status(
                "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\nconnection: close\r\n\r\n"
            )
            .await,
        405
    );
    assert!(server.is_up().await);
}

/// ASVS 4.2: a request that two servers could parse differently is rejected, and its connection is closed.
#[tokio::test]
async fn an_ambiguous_request_is_rejected() {
    let server = TestServer::start();
    for headers in [
        "content-length: 2\r\ntransfer-encoding: chunked\r\n",
        "content-length: 2\r\ncontent-length: 3\r\n",
        "content-length: -2\r\n",
        "content-length: +2\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "x: a\r\n b: c\r\n",
        "x : a\r\n",
    ] {
        let request = head("POST", "/api/auth/sign-out", headers) + "{}";
        let answer = server.raw(request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{headers:?}: {answer}");
    }
    let chunk = head(
        "POST",
        "/api/auth/sign-out",
        "transfer-encoding: chunked\r\ncontent-type: application/json\r\n",
    );
    let answer = server.raw(chunk + "zz\r\n{}\r\n0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(server.is_up().await);
}

#[tokio::test]
async fn bytes_that_are_no_request_do_not_stop_the_server() {
    let server = TestServer::start();
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\xff\xfe\xfd",
        b"GET /\x7f HTTP/1.1\r\n\r\n",
    ] {
        let status = server.raw_status(bytes).await;
        assert!([0, 400, 404, 505].contains(&status), "{bytes:?}: {status}");
    }
    assert!(server.is_up().await);
}

/// Text from a request must not start a response header.
#[tokio::test]
async fn a_line_break_in_a_request_adds_no_response_header() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    for callback in [
        "/x?a=%0d%0aset-cookie:%20a=b",
        "/a\r\nset-cookie: a=b",
        "/é",
        "/a\nb",
    ] {
        let body = json!({ "email": "ada@example.com", "password": "password1234", "callbackURL": callback });
        let answer = server.anonymous().post("/sign-in/email", &body).send().await;
        assert!(answer.status < 500, "{callback}");
        assert!(
            answer.cookies().all(|line| line.starts_with("better-auth.")),
            "{callback}: {answer}"
        );
    }
    let answer = server
        .anonymous()
        .get("/ok")
        .header("x-request-id", "a b")
        .send()
        .await;
    assert_ne!(answer.header("x-request-id"), Some("a b"));
}

fn head(method: &str, path: &str, headers: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n")
}

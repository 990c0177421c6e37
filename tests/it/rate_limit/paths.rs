//! Rules for a path, which no other spelling of the path bypasses.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{admitted, guess, limited, sign_in, status};

/// Other spellings of `/api/auth/sign-in/email`: those of GHSA-x732-6j76-qmhm, and others.
const SPELLINGS: &[&str] = &[
    "/api/auth//sign-in/email",
    "/api/auth/sign-in//email",
    "/api/auth/sign-in/email/",
    "/api/auth/sign-in/email;x",
    "/api/auth/sign-in;x/email",
    "/api/auth/sign-in%2femail",
    "/api/auth/sign-in%2Femail",
    "/api/auth/sign-in/%65mail",
    "/api/auth/sign-in%5cemail",
    "/api/auth/sign-in\\email",
    "/api/auth/./sign-in/email",
    "/api/auth/sign-in/./email",
    "/api/auth/sign-in/%2e/email",
    "/api/auth/x/../sign-in/email",
    "/api/auth/sign-in/x/../email",
    "/api/auth/x/%2e%2e/sign-in/email",
    "/api/auth/Sign-In/Email",
    "/API/AUTH/sign-in/email",
    "/api/authx/sign-in/email",
    "/api/auth/x/sign-in/email",
    "/x/api/auth/sign-in/email",
    "//api/auth/sign-in/email",
    "/api/auth/api/auth/sign-in/email",
    "/api/auth/sign-in/email%00",
    "/api/auth/sign-in/email%20",
    "/api/auth/sign-in/email.json",
    "/sign-in/email",
    "http://localhost:3000//api/auth/sign-in/email",
    "*",
];

/// A sign-in with the right password at this path, from this address, byte for byte.
async fn sign_in_at(server: &TestServer, from: &str, path: &str) -> u16 {
    let body = json!({ "email": "ada@example.com", "password": "password1234" }).to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\nconnection: close\r\n\
         x-forwarded-for: {from}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    server.raw_status(format!("{head}{body}")).await
}

/// GHSA-x732-6j76-qmhm: other spellings of a path bypassed its limit.
#[tokio::test]
async fn a10_no_spelling_of_a_path_reaches_the_handler_outside_its_rule() {
    let server = limited().start();
    server.signed_up("ada").await;
    for _ in 0..3 {
        assert_eq!(
            sign_in_at(&server, "203.0.113.9", "/api/auth/sign-in/email").await,
            200
        );
    }
    for path in SPELLINGS {
        let status = sign_in_at(&server, "203.0.113.9", path).await;
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    for path in [
        "/api/auth/sign-in/email",
        "/api/auth/sign-in/email?x=y",
        "http://other.test/api/auth/sign-in/email",
    ] {
        assert_eq!(sign_in_at(&server, "203.0.113.9", path).await, 429, "{path}");
    }
    assert_eq!(
        server.rows("select 1 from session"),
        4,
        "one session of the sign-up and three of sign-ins"
    );
}

/// GHSA-x732-6j76-qmhm: they also reached disabled paths.
#[tokio::test]
async fn a10_no_spelling_of_a_disabled_path_reaches_the_handler() {
    let server = TestServer::with()
        .set("PORTCULLIS_DISABLED_PATHS", "/sign-in/email")
        .start();
    server.signed_up("ada").await;
    let straight = ["/api/auth/sign-in/email", "/api/auth/sign-in/email?x=y"];
    for path in SPELLINGS.iter().chain(&straight) {
        let status = sign_in_at(&server, "203.0.113.9", path).await;
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    assert_eq!(
        server.rows("select 1 from session"),
        1,
        "the session of the sign-up"
    );
}

#[tokio::test]
async fn a_disabled_path_is_answered_as_in_better_auth() {
    let server = TestServer::with()
        .set("PORTCULLIS_DISABLED_PATHS", "/sign-in/email,/ok")
        .start();
    let caller = server.anonymous();
    let answer = caller
        .post("/sign-in/email", &guess("a@example.com"))
        .send()
        .await;
    assert_eq!((answer.status, answer.body.as_str()), (404, "Not Found"));
    assert_snapshot!(server.anonymous().get("/ok").send().await, @"
    404
    content-type: text/plain;charset=UTF-8
    Not Found
    ");
    assert_eq!(server.anonymous().get("/get-session").send().await.status, 200);
}

/// A client that invents paths adds no rows, whichever storage is configured.
#[tokio::test]
async fn requests_for_unknown_paths_share_one_counter() {
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__STORAGE", "database")
        .start();
    let mut statuses = Vec::new();
    for number in 0..110 {
        let path = format!("/{}/{number}", ["nothing", "sign-in", "sign-up"][number % 3]);
        statuses.push(status(&server, "203.0.113.9", &path).await);
    }
    assert_eq!(statuses[..100], [404; 100]);
    assert_eq!(statuses[100..], [429; 10]);
    assert_eq!(server.rows("select 1 from portcullis_rate_limit"), 0);

    assert_eq!(
        status(&server, "203.0.113.9", "/ok").await,
        200,
        "an existing path is counted separately"
    );
    assert_eq!(
        status(&server, "203.0.113.10", "/nothing").await,
        404,
        "another client is counted separately"
    );
}

/// Better Auth counts paths, not methods.
#[tokio::test]
async fn all_methods_of_a_path_share_one_counter() {
    let server = limited().start();
    assert_eq!(admitted(&server, "203.0.113.9", "/sign-in/email").await, 3);
    assert_eq!(
        sign_in(&server, "203.0.113.9", &guess("a@example.com"))
            .await
            .status,
        429
    );
}

/// The table holds one row for each client and sensitive path, and one for each account that was tried.
#[tokio::test]
async fn a_flood_adds_few_rows() {
    let server = limited().start();
    for number in 0..150 {
        sign_in(
            &server,
            "203.0.113.9",
            &guess(&format!("unknown{number}@example.com")),
        )
        .await;
        status(&server, "203.0.113.9", &format!("/sign-in/{number}")).await;
        status(&server, "203.0.113.9", &format!("/get-session?{number}")).await;
    }
    assert_eq!(server.rows("select 1 from portcullis_rate_limit"), 1 + 3);
}

//! Clients that announce a body and do not send it. The server closes their connections.

use portcullis_testkit::TestServer;

const CHUNKED: &str = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
const HALF: &str = "content-type: application/json\r\ncontent-length: 500\r\n";

fn head(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n")
}

/// [`TestServer::raw`] fails if the server does not close the connection.
#[tokio::test]
async fn a_connection_with_an_unread_body_is_closed() {
    let server = TestServer::start();
    for (line, status) in [
        ("GET /health/live", 200),
        ("GET /api/auth/ok", 200),
        ("POST /nothing", 404),
        ("OPTIONS /api/auth/ok", 404),
        ("TRACE /", 405),
    ] {
        for headers in [
            CHUNKED,
            HALF,
            "connection: close\r\ntransfer-encoding: chunked\r\n",
        ] {
            let answer = server.raw(head(line, headers)).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{line}: {answer}"
            );
        }
    }
    let unwanted = "content-type: text/plain\r\ntransfer-encoding: chunked\r\n";
    let answer = server.raw(head("POST /api/auth/sign-in/email", unwanted)).await;
    assert!(answer.starts_with("HTTP/1.1 415 "), "{answer}");
}

#[tokio::test]
async fn a_body_that_was_read_leaves_the_connection_open() {
    let server = TestServer::start();
    let first = head("POST /api/auth/sign-out", CHUNKED) + "2\r\n{}\r\n0\r\n\r\n";
    let second = head("GET /api/auth/ok", "connection: close\r\n");
    let answers = server.raw(first + &second).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_gets_408() {
    let server = TestServer::with()
        .set("PORTCULLIS_LIMITS__REQUEST_TIMEOUT", "1")
        .start();
    for begun in [
        head("POST /api/auth/sign-in/email", HALF) + "{",
        head("POST /api/auth/sign-in/email", CHUNKED) + "1\r\n{\r\n",
    ] {
        let answer = server.raw(begun).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(
            answer.ends_with(r#"{"code":"REQUEST_TIMEOUT","message":"Request timeout"}"#),
            "{answer}"
        );
        assert!(answer.contains("connection: close\r\n"), "{answer}");
    }
    assert!(server.is_up().await);
}

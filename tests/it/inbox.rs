//! `GET /dev/inbox`.

use portcullis_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn the_inbox_is_served_to_requests_for_localhost() {
    let server = TestServer::start();
    let page = server.anonymous().call("GET", "/dev/inbox").send().await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html"))
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(page.body.contains("Nothing has been sent yet"));
}

#[tokio::test]
async fn the_inbox_answers_404_for_other_host_names() {
    let server = TestServer::start();
    for host in ["evil.test", "localhost.evil.test", "192.168.0.7:3000"] {
        let page = server
            .anonymous()
            .call("GET", "/dev/inbox")
            .header("host", host)
            .send()
            .await;
        assert_eq!((page.status, page.body.as_str()), (404, ""), "{host}");
    }
}

#[tokio::test]
async fn the_inbox_answers_404_with_another_transport() {
    for transport in ["none", "webhook", "smtp"] {
        let server = TestServer::with()
            .set("PORTCULLIS_DELIVERY__TRANSPORT", transport)
            .set("PORTCULLIS_DELIVERY__WEBHOOK__URL", "http://127.0.0.1:9/hook")
            .set("PORTCULLIS_DELIVERY__SMTP__HOST", "localhost")
            .set("PORTCULLIS_DELIVERY__SMTP__FROM", "no-reply@example.com")
            .start();
        assert_eq!(
            server.anonymous().call("GET", "/dev/inbox").send().await.status,
            404,
            "{transport}"
        );
        let caller = server.anonymous();
        let asked = caller.post("/request-password-reset", &json!({ "email": "a@example.com" }));
        let status = asked.send().await.status;
        assert_eq!(status, if transport == "none" { 400 } else { 200 });
    }
}

/// A tunnel or a proxy on this machine can send `Host: localhost`, so that its requests look like the developer's.
#[tokio::test]
async fn with_the_inbox_disabled_messages_are_sent_and_the_page_answers_404() {
    let server = TestServer::with().set("PORTCULLIS_DEV__INBOX", "false").start();
    server.signed_up("ada").await;
    let caller = server.anonymous();
    let asked = caller.post("/request-password-reset", &json!({ "email": "ada@example.com" }));
    assert_eq!(asked.send().await.status, 200);
    server.mailbox.next("ada@example.com").await;
    for host in ["localhost", "localhost:3000", "127.0.0.1", "[::1]:3000"] {
        let request = format!("GET /dev/inbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(server.raw_status(request).await, 404, "{host}");
    }
    let open = TestServer::start();
    let request = "GET /dev/inbox HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(open.raw_status(request).await, 200);
}

#[tokio::test]
async fn the_inbox_is_outside_the_base_path_and_accepts_only_get() {
    let server = TestServer::start();
    let caller = server.anonymous();
    assert_eq!(caller.get("/dev/inbox").send().await.status, 404);
    for method in ["POST", "PUT", "DELETE"] {
        let answer = caller.call(method, "/dev/inbox").send().await;
        assert_eq!(answer.status, 404, "{method}");
    }
}

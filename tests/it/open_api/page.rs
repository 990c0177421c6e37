//! The page.

use portcullis_testkit::TestServer;

use super::{document, operations};

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_nothing() {
    let server = TestServer::with_all_features();
    let document = document(&server).await;
    let page = server.anonymous().get("/reference").send().await;
    assert_eq!(
        (
            page.status,
            page.header("content-type"),
            page.header("cache-control")
        ),
        (200, Some("text/html"), Some("no-store"))
    );
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        let method = method.to_uppercase();
        let head = format!(
            "<details id=\"{id}\"><summary><span class=\"method\">{method}</span><code>{path}</code>"
        );
        assert_eq!(page.body.matches(&head).count(), 1, "{head}");
    }
    assert!(
        page.body
            .contains(r#"data-method="GET" data-path="/api/auth/get-session""#),
        "{page}"
    );
    assert!(
        page.body
            .contains(r#"data-method="GET" data-path="/health/live""#),
        "{page}"
    );
    for foreign in ["src=", "@import", "url(", "<link"] {
        assert!(!page.body.contains(foreign), "{foreign}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("connect-src 'self'; base-uri 'none'"), "{policy}");
    assert!(!policy.contains("nonce"), "{policy}");
}

#[tokio::test]
async fn the_name_of_the_application_is_escaped() {
    let server = TestServer::with()
        .set("PORTCULLIS_APP_NAME", "<b>Acme</b>")
        .start();
    let page = server.anonymous().get("/reference").send().await;
    assert!(
        page.body
            .contains("<h1>&lt;b&gt;Acme&lt;/b&gt;: API reference</h1>"),
        "{page}"
    );
    assert!(!page.body.contains("<b>"), "{page}");
}

//! `GET /`.

use portcullis_testkit::{TestServer, TestServerBuilder};

fn production() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_MODE", "production")
        .set("BETTER_AUTH_URL", "https://auth.example.com")
        .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
        .set("PORTCULLIS_APP_NAME", "Acme & Co")
}

/// The targets of the links on a page.
fn links(page: &str) -> Vec<&str> {
    let parts = page.split(r#"<a href=""#).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[tokio::test]
async fn in_development_the_root_links_what_a_developer_needs_and_every_link_on_this_server_works() {
    let server = TestServer::with()
        .set("PORTCULLIS_DEFAULT_REDIRECT_URL", "http://localhost:5173/")
        .start();
    let page = server.anonymous().call("GET", "/").send().await;
    assert_eq!(
        (page.status, page.header("cache-control")),
        (200, Some("no-store"))
    );
    assert!(
        page.body.contains("<code>http://localhost:3000/api/auth</code>"),
        "{page}"
    );
    assert_eq!(
        links(&page.body),
        [
            "/dev/inbox",
            "http://localhost:3000/api/auth/reference",
            "http://localhost:5173/",
            "https://www.better-auth.com/docs/concepts/client",
            "http://localhost:3000/api/auth/get-session",
            "/health/ready",
        ]
    );
    for link in links(&page.body) {
        let path = link.strip_prefix("http://localhost:3000").unwrap_or(link);
        if path.starts_with('/') {
            let answer = server.anonymous().call("GET", path).send().await;
            assert_eq!(answer.status, 200, "{path}: {answer}");
        }
    }
    let without_inbox = TestServer::with().set("PORTCULLIS_DEV__INBOX", "false").start();
    let page = without_inbox.anonymous().call("GET", "/").send().await;
    assert!(!page.body.contains("/dev/inbox"), "{page}");
}

#[tokio::test]
async fn in_production_the_root_is_a_plain_page_with_the_name_of_the_application() {
    let server = production().start();
    let page = server.anonymous().call("GET", "/").send().await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html"))
    );
    assert!(page.body.contains("<h1>Acme &amp; Co</h1>"), "{page}");
    assert!(page.body.contains("you can close this page"), "{page}");
    assert_eq!(links(&page.body), [""; 0], "{page}");

    let failed = server
        .anonymous()
        .call("GET", "/?error=token_expired")
        .send()
        .await;
    assert!(
        failed.body.contains("<h1>This link did not work</h1>"),
        "{failed}"
    );
    assert!(failed.body.contains("This link has expired"), "{failed}");
    let hostile = server.anonymous().call("GET", "/?error=%3Cb%3E").send().await;
    assert!(hostile.body.contains("Code: &lt;b&gt;"), "{hostile}");
}

#[tokio::test]
async fn in_production_the_root_redirects_to_the_front_end_with_the_error() {
    let server = production()
        .set(
            "PORTCULLIS_DEFAULT_REDIRECT_URL",
            "https://app.example.com/start?x=1",
        )
        .start();
    for (path, location) in [
        ("/", "https://app.example.com/start?x=1"),
        (
            "/?error=INVALID_TOKEN",
            "https://app.example.com/start?x=1&error=INVALID_TOKEN",
        ),
        (
            "/?error=//evil.test",
            "https://app.example.com/start?x=1&error=%2F%2Fevil.test",
        ),
    ] {
        let answer = server.anonymous().call("GET", path).send().await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (302, Some(location)),
            "{path}"
        );
    }
    for own_root in ["/", "https://auth.example.com", "https://auth.example.com/"] {
        let server = production()
            .set("PORTCULLIS_DEFAULT_REDIRECT_URL", own_root)
            .start();
        let page = server.anonymous().call("GET", "/").send().await;
        assert_eq!(
            page.status, 200,
            "the root does not redirect to itself: {own_root}"
        );
    }
}

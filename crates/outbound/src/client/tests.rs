use std::time::Duration;

use reqwest::dns::Resolve as _;
use serde_json::json;

use super::*;
use crate::testing::{TestServer, json_response, response};

/// A client for which every host must have a public address.
fn strict() -> Client {
    Client::new(ClientOptions::default()).unwrap()
}

/// The causes of a failure, which the log contains.
fn causes(error: &RequestError) -> String {
    match error {
        RequestError::Unreachable(failure) => failure.causes(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ssrf_by_a_redirect_is_impossible() {
    let inner = TestServer::start(|_| json_response(&json!({ "secret": 1 }))).await;
    let location = inner.url("/");
    let outer = TestServer::start(move |_| {
        format!(
            "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
    })
    .await;
    let error = outer.client().get_json(&outer.url("/"), &[]).await.unwrap_err();
    assert!(
        matches!(error, RequestError::Rejected(Rejected { status: 302, .. })),
        "{error:?}"
    );
    assert!(inner.requests().is_empty());
}

#[tokio::test]
async fn ssrf_by_a_name_with_a_private_address_is_impossible() {
    let server = TestServer::start(|_| json_response(&json!({}))).await;
    for name in ["localhost", "LOCALHOST", "%6cocalhost", "ⓛocalhost"] {
        let url = format!("https://{name}:{}/", server.port());
        let error = strict().get_json(&url, &[]).await.unwrap_err();
        assert!(causes(&error).contains("no public address"), "{name}: {error:?}");
    }
    assert!(server.requests().is_empty());
}

/// A connection may be opened when its request has ended already. It must not reach a private address.
#[tokio::test]
async fn ssrf_without_a_request_is_impossible() {
    let name = "localhost".parse().unwrap();
    assert!(guard::Resolver.resolve(name).await.is_err());
}

#[tokio::test]
async fn ssrf_by_an_address_in_the_url_is_impossible() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "１２７.0.0.1",
        "127.0.0.1.",
        "10.0.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "192.168.1.1",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
    ] {
        let error = strict()
            .get_json(&format!("https://{host}/"), &[])
            .await
            .unwrap_err();
        assert!(causes(&error).contains("no public address"), "{host}: {error:?}");
    }
}

#[tokio::test]
async fn ssrf_by_another_form_of_url_is_impossible() {
    for (url, reason) in [
        ("http://provider.example/", "does not start with https"),
        ("http://127.0.0.1/", "does not start with https"),
        ("file:///etc/passwd", "is not a URL"),
        ("ftp://provider.example/", "does not start with https"),
        ("https://provider.example@localhost/", "a user name"),
        ("https://:p@provider.example/", "a user name"),
        ("//provider.example/", "is not a URL"),
        ("", "is not a URL"),
    ] {
        let error = strict().get_json(url, &[]).await.unwrap_err();
        assert!(causes(&error).contains(reason), "{url}: {}", causes(&error));
        // A configuration with the URL is refused for the same reason.
        let refused = ClientOptions::default().check(url).unwrap_err().to_string();
        assert!(
            refused.contains(reason) && !refused.contains("provider"),
            "{url}: {refused}"
        );
    }
}

#[tokio::test]
async fn ssrf_to_another_port_of_an_allowed_host_is_impossible() {
    let (allowed, other) = (
        TestServer::start(|_| json_response(&json!({ "a": 1 }))).await,
        TestServer::start(|_| json_response(&json!({}))).await,
    );
    let options = ClientOptions {
        allowed_hosts: vec![format!("LocalHost:{}", allowed.port())],
        ..ClientOptions::default()
    };
    let client = Client::new(options).unwrap();
    let url = |server: &TestServer, scheme: &str| format!("{scheme}://localhost:{}/", server.port());
    let answer = client.get_json(&url(&allowed, "http"), &[]).await.unwrap();
    assert_eq!(answer, json!({ "a": 1 }));
    for scheme in ["http", "https"] {
        client.get_json(&url(&other, scheme), &[]).await.unwrap_err();
    }
    assert!(other.requests().is_empty());
}

/// The operator chose the proxy. It may have a private address, and it makes no other host allowed.
#[tokio::test]
async fn a_proxy_may_have_a_private_address() {
    let proxy = TestServer::start(|_| response("403 Forbidden", "text/plain", "")).await;
    let options = ClientOptions::default();
    let address = format!("http://localhost:{}", proxy.port());
    let http = options
        .builder()
        .unwrap()
        .proxy(reqwest::Proxy::all(address).unwrap());
    let client = Client {
        http: http.build().unwrap(),
        ..strict()
    };
    client
        .get_json("https://provider.example/", &[])
        .await
        .unwrap_err();
    assert!(proxy.requests()[0].starts_with("CONNECT provider.example:443 "));
    for url in ["https://127.0.0.1/", "https://[::1]/", "http://provider.example/"] {
        client.get_json(url, &[]).await.unwrap_err();
    }
    assert_eq!(proxy.requests().len(), 1);
}

#[tokio::test]
async fn an_endless_answer_is_dropped() {
    let body = |length: usize| response("200 OK", "image/png", &"1".repeat(length));
    let server = TestServer::start(move |request| match request.split(' ').nth(1) {
        Some("/fits") => body(LONGEST_BYTES),
        Some("/picture") => body(LONGEST_BYTES + 1),
        _ => body(LONGEST_TEXT + 1).replace("content-length", "x-length"),
    })
    .await;
    let client = server.client();
    let (bytes, media_type) = client.get_bytes(&server.url("/fits"), &[]).await.unwrap();
    assert_eq!((bytes.len(), media_type.as_str()), (LONGEST_BYTES, "image/png"));
    for error in [
        client.get_bytes(&server.url("/picture"), &[]).await.unwrap_err(),
        client.get_json(&server.url("/json"), &[]).await.unwrap_err(),
    ] {
        assert!(
            matches!(error, RequestError::Unusable("it is too long")),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_request_whose_answer_is_not_finished_times_out() {
    let server = TestServer::start(|_| "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_owned()).await;
    let options = ClientOptions {
        timeout: Duration::from_millis(300),
        allowed_hosts: vec![server.host.clone()],
    };
    let client = Client::new(options).unwrap();
    let error = client
        .get_json(&server.url("/?key=hidden"), &[])
        .await
        .unwrap_err();
    assert!(causes(&error).contains("timed out"), "{}", causes(&error));
    assert!(!format!("{error:?} {}", causes(&error)).contains("hidden"));
}

#[tokio::test]
async fn a_header_replaces_that_of_the_same_name() {
    let server = TestServer::start(|_| json_response(&json!([]))).await;
    let headers = [
        ("user-agent", "better-auth"),
        ("Accept", "application/vnd.x+json"),
    ];
    let client = server.client();
    client.post_json(&server.url("/"), None, &headers).await.unwrap();
    client
        .post_json(&server.url("/"), Some(&json!({ "a": 1 })), &[])
        .await
        .unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("user-agent: better-auth\r\n") && !requests[0].contains("portcullis"));
    assert!(
        requests[0].contains("accept: application/vnd.x+json\r\n") && !requests[0].contains("content-type")
    );
    assert!(
        requests[1].contains("content-type: application/json\r\n") && requests[1].ends_with(r#"{"a":1}"#)
    );
    assert!(requests[1].contains("accept: */*\r\n"), "{}", requests[1]);
    let smuggled = client
        .get_json(&server.url("/"), &[("authorization", "Bearer a\r\nx: y")])
        .await;
    assert!(matches!(smuggled, Err(RequestError::Unusable(_))));
    assert_eq!(server.requests().len(), 2);
}

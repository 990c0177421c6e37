//! The discovery document: how long it is used, and which issuers are accepted.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_application::{
    ports::{IdentityProvider as _, IssuerCheck, ProviderError},
    testing::FixedClock,
};
use portcullis_outbound::ClientOptions;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{provider::provider, request, secret, server::Server};
use crate::{
    client::Client,
    generic::{GenericOptions, GenericProvider, discovery::Discovery, document::Document},
};

const PATH: &str = "/.well-known/openid-configuration";

fn options(server: &Server) -> GenericOptions {
    GenericOptions {
        discovery_url: Some(server.discovery_url()),
        discovery_headers: vec![("x-client".to_owned(), secret("c"))],
        ..GenericOptions::new("op", "client")
    }
}

async fn url(provider: &GenericProvider) -> Result<String, ProviderError> {
    let verifier = secret("v");
    provider.authorization_url(&request(&verifier, None, false)).await
}

#[tokio::test]
async fn the_document_is_read_once_an_hour() {
    let server = Server::start().await;
    let (provider, clock) = provider(options(&server), &server);
    let urls = tokio::join!(url(&provider), url(&provider), url(&provider));
    for url in [urls.0, urls.1, urls.2] {
        assert!(url.unwrap().starts_with(&format!("{}/auth?", server.url)));
    }
    assert_eq!(server.requests(PATH).len(), 1);
    assert!(server.requests(PATH)[0].contains("x-client: c"));
    clock.advance(TimeDelta::minutes(59));
    url(&provider).await.unwrap();
    assert_eq!(server.requests(PATH).len(), 1);
    clock.advance(TimeDelta::minutes(2));
    url(&provider).await.unwrap();
    server.http.wait_for_requests(2).await;
    assert_eq!(
        provider.policy().issuer,
        IssuerCheck::IfPresent(server.url.clone())
    );
}

#[tokio::test]
async fn an_old_document_is_used_for_a_day_while_the_provider_is_down() {
    let server = Server::start().await;
    let (provider, clock) = provider(options(&server), &server);
    url(&provider).await.unwrap();
    server.remove(PATH);
    clock.advance(TimeDelta::hours(2));
    for _ in 0..20 {
        url(&provider).await.unwrap();
        sleep(Duration::from_millis(1)).await;
    }
    server.http.wait_for_requests(2).await;
    url(&provider).await.unwrap();
    assert_eq!(server.requests(PATH).len(), 2);
    clock.advance(TimeDelta::hours(21));
    url(&provider).await.unwrap();
    clock.advance(TimeDelta::hours(2));
    url(&provider).await.unwrap_err();
}

#[tokio::test]
async fn a_failed_first_read_is_repeated_after_ten_seconds() {
    let server = Server::start().await;
    let (provider, clock) = provider(options(&server), &server);
    server.remove(PATH);
    assert!(matches!(url(&provider).await, Err(ProviderError::Rejected(_))));
    server.set(PATH, &server.document());
    assert!(matches!(url(&provider).await, Err(ProviderError::Unreachable(_))));
    clock.advance(TimeDelta::seconds(11));
    url(&provider).await.unwrap();
    assert_eq!(server.requests(PATH).len(), 2);
}

#[tokio::test]
async fn a_slow_provider_does_not_delay_requests_that_can_use_an_old_document() {
    let server = Server::start().await;
    let (provider, clock) = provider(options(&server), &server);
    let first = url(&provider).await.unwrap();
    server.hang(PATH);
    clock.advance(TimeDelta::hours(2));
    for _ in 0..3 {
        let second = timeout(Duration::from_secs(5), url(&provider)).await.unwrap();
        assert_eq!(second.unwrap(), first);
    }
    server.http.wait_for_requests(2).await;
    assert_eq!(server.requests(PATH).len(), 2);
}

#[tokio::test]
async fn an_old_document_is_replaced_in_the_background() {
    let server = Server::start().await;
    let (provider, clock) = provider(options(&server), &server);
    url(&provider).await.unwrap();
    let mut document = server.document();
    document["authorization_endpoint"] = json!(format!("{}/new", server.url));
    server.set(PATH, &document);
    clock.advance(TimeDelta::hours(2));
    let is_new = |url: String| url.starts_with(&format!("{}/new?", server.url));
    assert!(!is_new(url(&provider).await.unwrap()));
    let replaced = async {
        while !is_new(url(&provider).await.unwrap()) {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(10), replaced).await.unwrap();
    assert_eq!(server.requests(PATH).len(), 2);
}

#[tokio::test]
async fn a_failure_is_recorded_although_the_request_has_ended_before() {
    let server = Server::start().await;
    server.hang(PATH);
    let client = ClientOptions {
        timeout: Duration::from_millis(500),
        allowed_hosts: vec![server.http.host.clone()],
    };
    let client = portcullis_outbound::Client::new(client).unwrap();
    let client = Client::new(client, Arc::new(FixedClock::default()));
    let discovery = Arc::new(Discovery::new(server.discovery_url(), Vec::new(), None));
    tokio::select! {
        _ = discovery.document(&client) => panic!("the provider does not answer"),
        () = server.http.wait_for_requests(1) => {}
    }
    let Err(ProviderError::Unreachable(failure)) = discovery.document(&client).await else {
        panic!("the document must be unknown");
    };
    assert!(
        failure.causes().contains("10 seconds ago"),
        "{}",
        failure.causes()
    );
    assert_eq!(server.requests(PATH).len(), 1);
}

fn read(url: &str, issuer: &str, configured: Option<&str>) -> Result<Document, ProviderError> {
    let document = json!({ "issuer": issuer, "token_endpoint": "https://op.example/token" });
    Document::read(&document, url, configured)
}

#[test]
fn a_document_at_a_well_known_url_must_be_that_of_its_issuer() {
    for (base, issuer, is_accepted) in [
        ("https://op.example", "https://op.example", true),
        ("https://op.example", "https://op.example/", true),
        ("https://op.example", "https://op.example/a", false),
        ("https://op.example", "https://evil.example", false),
        ("https://op.example", "{tenantid}", false),
        ("https://op.example/a", "https://op.example/a", true),
        ("https://op.example/a", "https://op.example", false),
        (
            "https://ms.example/common/v2.0",
            "https://ms.example/{tenantid}/v2.0",
            true,
        ),
        (
            "https://ms.example/common/v2.0",
            "https://evil.example/{tenantid}/v2.0",
            false,
        ),
        ("https://ms.example/common/v2.0", "https://{tenantid}/v2.0", false),
    ] {
        for query in ["", "?p=1"] {
            let document = read(&format!("{base}{PATH}{query}"), issuer, None);
            assert_eq!(document.is_ok(), is_accepted, "{base} {issuer}");
        }
    }
}

#[test]
fn a_document_must_be_that_of_the_configured_issuer() {
    let (own, other) = ("https://op.example", "https://op.example/a");
    for url in [
        "https://op.example/metadata?p=1",
        "https://cdn.example/.well-known/openid-configuration",
    ] {
        assert!(read(url, own, Some(own)).is_ok());
        assert!(read(url, other, Some(own)).is_err());
    }
    assert!(read("https://op.example/metadata?p=1", other, None).is_ok());
}

#[test]
fn a_document_with_an_endpoint_without_tls_is_rejected() {
    for endpoint in ["http://op.example/auth", "javascript:alert(1)", "/auth"] {
        let document = json!({ "issuer": "https://op.example", "authorization_endpoint": endpoint });
        let url = "https://op.example/.well-known/openid-configuration";
        assert!(Document::read(&document, url, None).is_err(), "{endpoint}");
    }
    for document in [json!({}), json!([]), Value::Null, json!({ "issuer": 1 })] {
        assert!(
            Document::read(&document, "https://op.example", None).is_err(),
            "{document}"
        );
    }
}

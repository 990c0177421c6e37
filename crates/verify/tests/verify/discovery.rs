//! Keys by discovery: the issuer names their URL.

use portcullis_verify::{Claims, Error, Unavailable, Verifier};
use serde_json::{Value, json};

use crate::{
    clock::TestClock,
    server::{Reply, TestServer},
    signer::{AUDIENCE, Signer, claims_with, jwks},
};

fn discovering(issuer: &str) -> Verifier {
    Verifier::discover(issuer)
        .audience(AUDIENCE)
        .clock(TestClock::new())
        .build()
        .unwrap()
}

/// A server whose document is made from its own URL.
async fn server(signer: &Signer, document: impl Fn(&str) -> Value + Send + 'static) -> TestServer {
    let keys = jwks([signer]);
    let server = TestServer::start(Reply::status(404)).await;
    let url = server.url.clone();
    server.handle(move |request| {
        if request.starts_with("GET /.well-known/openid-configuration ") {
            Reply::json(document(&url))
        } else if request.starts_with("GET /keys ") {
            Reply::json(&keys)
        } else {
            Reply::status(404)
        }
    });
    server
}

#[tokio::test]
async fn keys_are_found_by_the_issuers_document() {
    let signer = Signer::new("EdDSA", "a");
    let server = server(
        &signer,
        |url| json!({ "issuer": url, "jwks_uri": format!("{url}/keys") }),
    )
    .await;
    let verifier = discovering(&server.url);
    let token = signer.sign(&claims_with("iss", json!(server.url)));
    for _ in 0..3 {
        let claims: Claims = verifier.verify(&token).await.unwrap();
        assert_eq!(claims.iss, server.url);
    }
    assert_eq!(server.count(), 2, "the document and the keys");
}

#[tokio::test]
async fn a_document_of_another_issuer_is_rejected() {
    let signer = Signer::new("EdDSA", "a");
    for issuer in ["https://evil.example", "with slash"] {
        let server = server(&signer, move |url| {
            let issuer = if issuer == "with slash" {
                format!("{url}/")
            } else {
                issuer.to_owned()
            };
            json!({ "issuer": issuer, "jwks_uri": format!("{url}/keys") })
        })
        .await;
        let error = discovering(&server.url).load_keys().await.unwrap_err();
        assert!(
            error.to_string().contains("configure the issuer exactly"),
            "{error}"
        );
        assert_eq!(server.count(), 1, "the keys are not fetched");
    }
}

#[tokio::test]
async fn a_document_without_usable_keys_is_an_outage() {
    let signer = Signer::new("EdDSA", "a");
    for uri in [json!(null), json!("file:///etc/passwd"), json!("keys"), json!("")] {
        let server = server(&signer, move |url| json!({ "issuer": url, "jwks_uri": uri })).await;
        let token = signer.sign(&claims_with("iss", json!(server.url)));
        let error = discovering(&server.url)
            .verify::<Value>(&token)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Unavailable(Unavailable::Invalid(_))),
            "{error}"
        );
    }
}

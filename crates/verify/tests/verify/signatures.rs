//! Algorithms, and tokens that must not be accepted.

use aws_lc_rs::hmac;
use portcullis_verify::{Claims, Error, Verifier};
use serde_json::{Value, json};

use crate::{
    clock::TestClock,
    server::{Reply, TestServer},
    signer::{AUDIENCE, ISSUER, Signer, claims, jwks, text},
};

/// A verifier with the server that publishes these keys.
pub(crate) async fn verifier(set: &Value) -> (Verifier, TestServer) {
    let server = TestServer::start(Reply::json(set)).await;
    let verifier = Verifier::builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .jwks_url(format!("{}/jwks", server.url))
        .clock(TestClock::new())
        .build()
        .unwrap();
    (verifier, server)
}

async fn outcome(verifier: &Verifier, token: &str) -> Result<(), Error> {
    verifier.verify(token).await.map(|_: Claims| ())
}

#[tokio::test]
async fn tokens_of_every_algorithm_are_accepted() {
    let algorithms = ["EdDSA", "ES256", "ES512", "RS256", "PS256"];
    let signers = algorithms.map(|alg| Signer::new(alg, alg));
    let (verifier, server) = verifier(&jwks(&signers)).await;
    for signer in &signers {
        assert_eq!(
            outcome(&verifier, &signer.sign(&claims())).await,
            Ok(()),
            "{}",
            signer.alg
        );
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_new_name_of_eddsa_is_accepted() {
    let signer = Signer::new("EdDSA", "a");
    let mut jwk = signer.jwk();
    jwk["alg"] = json!("Ed25519");
    let (verifier, _server) = verifier(&json!({ "keys": [jwk] })).await;
    for alg in ["EdDSA", "Ed25519"] {
        let token = signer.sign_with(&json!({ "alg": alg, "kid": "a" }), &claims());
        assert_eq!(outcome(&verifier, &token).await, Ok(()));
    }
}

#[tokio::test]
async fn a_changed_token_is_rejected() {
    let signer = Signer::new("ES256", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    let token = signer.sign(&claims());
    let [header, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut other = claims();
    other["sub"] = json!("admin");
    let forged = format!("{header}.{}.{signature}", text(other.to_string()));
    assert_eq!(outcome(&verifier, &forged).await, Err(Error::WrongSignature));
    let unsigned = format!("{header}.{payload}.");
    assert_eq!(outcome(&verifier, &unsigned).await, Err(Error::WrongSignature));
    let zero = format!("{header}.{payload}.{}", text([0; 64]));
    assert_eq!(outcome(&verifier, &zero).await, Err(Error::WrongSignature));
}

#[tokio::test]
async fn another_key_with_the_same_kid_is_rejected() {
    let (verifier, _server) = verifier(&jwks([&Signer::new("EdDSA", "a")])).await;
    let token = Signer::new("EdDSA", "a").sign(&claims());
    assert_eq!(outcome(&verifier, &token).await, Err(Error::WrongSignature));
}

#[tokio::test]
async fn none_is_not_an_algorithm() {
    let (verifier, _server) = verifier(&jwks([&Signer::new("EdDSA", "a")])).await;
    for alg in ["none", "None", "NONE", ""] {
        let header = text(json!({ "alg": alg, "kid": "a" }).to_string());
        let token = format!("{header}.{}.", text(claims().to_string()));
        assert_eq!(
            outcome(&verifier, &token).await,
            Err(Error::WrongAlgorithm),
            "{alg}"
        );
    }
}

/// The classic confusion: the public key, which everyone knows, as the secret of HMAC.
#[tokio::test]
async fn a_public_key_is_not_a_secret_of_hmac() {
    let signer = Signer::new("RS256", "a");
    let jwk = signer.jwk();
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    for secret in [jwk.to_string(), jwk["n"].as_str().unwrap().to_owned()] {
        let header = text(json!({ "alg": "HS256", "kid": "a" }).to_string());
        let content = format!("{header}.{}", text(claims().to_string()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let token = format!("{content}.{}", text(hmac::sign(&key, content.as_bytes())));
        assert_eq!(outcome(&verifier, &token).await, Err(Error::WrongAlgorithm));
    }
}

#[tokio::test]
async fn a_key_verifies_only_its_own_algorithm() {
    let signer = Signer::new("RS256", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    for alg in ["PS256", "RS512", "ES256", "EdDSA", "rs256"] {
        let token = signer.sign_with(&json!({ "alg": alg, "kid": "a" }), &claims());
        assert_eq!(
            outcome(&verifier, &token).await,
            Err(Error::WrongAlgorithm),
            "{alg}"
        );
    }
}

/// A token that brings its own key, or names the place of one, is verified by the published keys only.
#[tokio::test]
async fn keys_in_the_token_are_ignored() {
    let foreign = Signer::new("EdDSA", "a");
    let (verifier, server) = verifier(&jwks([&Signer::new("EdDSA", "a")])).await;
    let foreign_url = format!("{}/foreign", server.url);
    let header =
        json!({ "alg": "EdDSA", "kid": "a", "jwk": foreign.jwk(), "jku": foreign_url, "x5u": foreign_url });
    let token = foreign.sign_with(&header, &claims());
    assert_eq!(outcome(&verifier, &token).await, Err(Error::WrongSignature));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn headers_that_change_the_meaning_are_rejected() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    for (name, value) in [
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("typ", json!("logout+jwt")),
        ("typ", json!("dpop+jwt")),
    ] {
        let mut header = json!({ "alg": "EdDSA", "kid": "a" });
        header[name] = value;
        let token = signer.sign_with(&header, &claims());
        let error = outcome(&verifier, &token).await.unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{header}: {error}");
    }
    for typ in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        let token = signer.sign_with(&json!({ "alg": "EdDSA", "kid": "a", "typ": typ }), &claims());
        assert_eq!(outcome(&verifier, &token).await, Ok(()), "{typ}");
    }
}

#[tokio::test]
async fn a_token_without_kid_is_rejected() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, server) = verifier(&jwks([&signer])).await;
    let token = signer.sign_with(&json!({ "alg": "EdDSA" }), &claims());
    assert_eq!(outcome(&verifier, &token).await, Err(Error::NoKeyId));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn what_is_no_token_causes_no_request() {
    let (verifier, server) = verifier(&jwks([])).await;
    let duplicate = text(r#"{"alg":"EdDSA","alg":"none","kid":"a"}"#);
    let padded = "eyJhbGciOiJFZERTQSIsImtpZCI6ImEifQ==.e30.AA";
    let long = format!("{}.e30.AA", "a".repeat(20_000));
    let tokens = [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        "!.e30.AA",
        "e30.e30.AA",
        "bnVsbA.e30.AA",
        padded,
        &long,
    ];
    for token in tokens.into_iter().chain([format!("{duplicate}.e30.AA").as_str()]) {
        let error = outcome(&verifier, token).await.unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{token}: {error}");
    }
    assert_eq!(server.count(), 0);
}

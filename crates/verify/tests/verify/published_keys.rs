//! Key sets of other servers and of later versions.

use portcullis_verify::{Claims, Error, Unavailable};
use serde_json::{Value, json};

use crate::{
    server::Reply,
    signatures::verifier,
    signer::{Signer, claims, jwks, text},
};

#[tokio::test]
async fn keys_of_other_kinds_are_skipped() {
    let signer = Signer::new("ES256", "a");
    let rsa = Signer::new("RS256", "rsa");
    let changed = |jwk: Value, name: &str, value: Value| {
        let mut jwk = jwk;
        jwk[name] = value;
        jwk
    };
    let keys = json!([
        { "kty": "AKP", "alg": "ML-DSA-65", "kid": "a", "pub": "AA" },
        { "kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "a" },
        { "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "a" },
        { "kid": "a" }, null, 7, "a",
        changed(signer.jwk(), "use", json!("enc")),
        changed(signer.jwk(), "key_ops", json!(["sign"])),
        changed(signer.jwk(), "alg", json!("ES512")),
        changed(signer.jwk(), "x", json!("AA")),
        changed(rsa.jwk(), "n", json!(text([255; 128]))),
        changed(rsa.jwk(), "n", json!(text([255; 1025]))),
        signer.jwk(),
    ]);
    let (verifier, _server) = verifier(&json!({ "keys": keys })).await;
    let found: Claims = verifier.verify(&signer.sign(&claims())).await.unwrap();
    assert_eq!(found.sub, "user1");
    let outcome = verifier.verify::<Value>(&rsa.sign(&claims())).await;
    assert_eq!(outcome.unwrap_err(), Error::UnknownKey);
}

#[tokio::test]
async fn an_rsa_key_without_algorithm_is_one_of_rs256() {
    let [rs, ps] = ["RS256", "PS256"].map(|alg| Signer::new(alg, alg));
    let mut set = jwks([&rs, &ps]);
    for jwk in set["keys"].as_array_mut().unwrap() {
        jwk.as_object_mut().unwrap().remove("alg");
    }
    let (verifier, _server) = verifier(&set).await;
    let found: Claims = verifier.verify(&rs.sign(&claims())).await.unwrap();
    assert_eq!(found.sub, "user1");
    let outcome = verifier.verify::<Value>(&ps.sign(&claims())).await;
    assert_eq!(outcome.unwrap_err(), Error::WrongAlgorithm);
}

#[tokio::test]
async fn responses_that_are_no_key_set_are_an_outage() {
    let signer = Signer::new("EdDSA", "a");
    let long = format!("{{\"keys\":[]{}}}", " ".repeat(300_000));
    let cases = [
        Reply::json(""),
        Reply::json("<html>"),
        Reply::json("[]"),
        Reply::json(json!({ "keys": "none" })),
        Reply::json(long),
        Reply::status(404),
        Reply::status(500),
    ];
    for reply in cases {
        let text = reply.body.chars().take(40).collect::<String>();
        let (verifier, server) = verifier(&Value::Null).await;
        server.answer(reply);
        let error = verifier
            .verify::<Value>(&signer.sign(&claims()))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{text}: {error}");
        assert_eq!(error.status(), 503);
    }
}

/// A server that rotates often, in several algorithms, publishes old keys for weeks.
#[tokio::test]
async fn the_first_and_the_last_of_a_thousand_keys_verify() {
    let signers: Vec<_> = (0..1000)
        .map(|number| Signer::new("EdDSA", &format!("key{number}")))
        .collect();
    let (verifier, server) = verifier(&jwks(&signers)).await;
    for signer in [&signers[0], &signers[999]] {
        let found: Claims = verifier.verify(&signer.sign(&claims())).await.unwrap();
        assert_eq!(found.sub, "user1");
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_long_response_is_not_read_to_its_end() {
    let (verifier, server) = verifier(&Value::Null).await;
    server.answer(Reply::json(" ".repeat(50_000_000)));
    assert_eq!(verifier.load_keys().await, Err(Unavailable::TooLarge(256 * 1024)));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let signer = Signer::new("EdDSA", "a");
    let (_, target) = verifier(&jwks([&signer])).await;
    for status in [301, 302, 303, 307, 308] {
        let (verifier, server) = verifier(&Value::Null).await;
        server.answer(Reply::status(status).header("location", &target.url));
        assert_eq!(verifier.load_keys().await, Err(Unavailable::Status(status)));
    }
    assert_eq!(target.count(), 0);
}

//! Signatures, verified by OpenSSL with the published keys.

use chrono::TimeDelta;
use futures_util::future::join_all;
use openssl::{
    bn::BigNum,
    ec::{EcGroup, EcKey},
    ecdsa::EcdsaSig,
    hash::{MessageDigest, hash},
    nid::Nid,
    pkey::{Id, PKey},
    rsa::{Padding, Rsa},
    sign::{RsaPssSaltlen, Verifier},
};
use portcullis_testkit::base64url;
use serde_json::Value;

use super::{
    audiences::{API, api, token_for},
    keys, part, signing, token,
};

/// Returns whether the published key that the token names has signed it, by the key's algorithm.
pub(super) fn is_signed(token: &str, keys: &[Value]) -> bool {
    let header = part(token, 0);
    let Some(key) = keys.iter().find(|key| key["kid"] == header["kid"]) else {
        return false;
    };
    assert_eq!(header["alg"], key["alg"]);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = base64url(signature);
    match key["alg"].as_str().unwrap() {
        "EdDSA" => {
            let key = PKey::public_key_from_raw_bytes(&bytes(key, "x"), Id::ED25519).unwrap();
            let mut verifier = Verifier::new_without_digest(&key).unwrap();
            verifier.verify_oneshot(&signature, message.as_bytes()).unwrap()
        }
        "ES256" => is_by_curve(
            (Nid::X9_62_PRIME256V1, MessageDigest::sha256()),
            key,
            message,
            &signature,
        ),
        "ES512" => is_by_curve(
            (Nid::SECP521R1, MessageDigest::sha512()),
            key,
            message,
            &signature,
        ),
        "RS256" => is_by_rsa(Padding::PKCS1, key, message, &signature),
        "PS256" => is_by_rsa(Padding::PKCS1_PSS, key, message, &signature),
        other => panic!("unknown algorithm {other}"),
    }
}

fn bytes(key: &Value, name: &str) -> Vec<u8> {
    base64url(key[name].as_str().unwrap())
}

fn number(bytes: &[u8]) -> BigNum {
    BigNum::from_slice(bytes).unwrap()
}

fn is_by_curve((curve, digest): (Nid, MessageDigest), key: &Value, message: &str, signature: &[u8]) -> bool {
    let group = EcGroup::from_curve_name(curve).unwrap();
    let [x, y] = ["x", "y"].map(|name| number(&bytes(key, name)));
    let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y).unwrap();
    let (r, s) = signature.split_at(signature.len() / 2);
    let signature = EcdsaSig::from_private_components(number(r), number(s)).unwrap();
    let digest = hash(digest, message.as_bytes()).unwrap();
    signature.verify(&digest, &key).unwrap()
}

fn is_by_rsa(padding: Padding, key: &Value, message: &str, signature: &[u8]) -> bool {
    let [n, e] = ["n", "e"].map(|name| number(&bytes(key, name)));
    let key = PKey::from_rsa(Rsa::from_public_components(n, e).unwrap()).unwrap();
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
    verifier.set_rsa_padding(padding).unwrap();
    if padding == Padding::PKCS1_PSS {
        verifier
            .set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)
            .unwrap();
    }
    verifier.verify_oneshot(signature, message.as_bytes()).unwrap()
}

#[tokio::test]
async fn each_audience_gets_tokens_of_its_algorithm_and_one_key_set_verifies_all() {
    let audiences = ["EdDSA", "ES256", "ES512", "RS256", "PS256"]
        .map(|algorithm| format!("[plugins.jwt.audiences.{algorithm}]\nalgorithm = \"{algorithm}\"\n"));
    let server = signing().file(&audiences.concat()).start();
    let ada = server.signed_up("ada").await;
    let default = token(&ada).await;
    assert_eq!(part(&default, 0)["alg"], "EdDSA");
    let mut tokens = vec![default];
    for algorithm in ["EdDSA", "ES256", "ES512", "RS256", "PS256"] {
        let token = token_for(&ada, algorithm).await;
        assert_eq!(part(&token, 0)["alg"], algorithm);
        tokens.push(token);
    }
    let published = keys(&server).await;
    assert_eq!(published.len(), 5);
    for token in tokens {
        assert!(is_signed(&token, &published), "{token}");
        let (message, signature) = token.rsplit_once('.').unwrap();
        let altered = format!("{message}A.{signature}");
        assert!(!is_signed(&altered, &published), "{altered}");
    }
}

#[tokio::test]
async fn a_verifier_that_reads_the_keys_before_the_first_token_has_a_key_of_each_algorithm() {
    let server = api().start();
    let published = keys(&server).await;
    let ada = server.signed_up("ada").await;
    assert!(is_signed(&token_for(&ada, API).await, &published));
    assert!(is_signed(&token(&ada).await, &published));
    assert_eq!(published.len(), 2);
}

#[tokio::test]
async fn twenty_parallel_first_tokens_of_an_audience_create_one_key_of_its_algorithm() {
    let one = api().start();
    let other = api().replica_of(&one).start();
    let ada = one.signed_up("ada").await;
    let cookies = ada.cookies();
    let requests = (0..20).map(|number| {
        let server = if number % 2 == 0 { &one } else { &other };
        let (caller, cookies) = (server.anonymous(), &cookies);
        async move {
            let call = caller.get(&format!("/token?audience={API}"));
            call.header("cookie", cookies).send().await.status
        }
    });
    assert_eq!(join_all(requests).await, [200; 20]);
    let of_curve = r#"select from jwks where "publicKey" like '%P-256%'"#;
    assert_eq!(one.rows(of_curve), 1);
}

#[tokio::test]
async fn each_algorithm_is_rotated_and_its_earlier_tokens_stay_verifiable_for_the_grace_period() {
    let server = api()
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__ROTATION_INTERVAL", "3600")
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__GRACE_PERIOD", "600")
        .start();
    let ada = server.signed_up("ada").await;
    let first = token_for(&ada, API).await;
    server.clock.advance(TimeDelta::minutes(30));
    let default = token(&ada).await;
    server.clock.advance(TimeDelta::minutes(30));
    let second = token_for(&ada, API).await;
    assert_ne!(part(&second, 0)["kid"], part(&first, 0)["kid"]);
    assert_eq!(part(&second, 0)["alg"], "ES256");
    assert_eq!(
        part(&token(&ada).await, 0)["kid"],
        part(&default, 0)["kid"],
        "the default key is younger"
    );
    let published = keys(&server).await;
    for token in [&first, &second, &default] {
        assert!(is_signed(token, &published), "{token}");
    }
    server.clock.advance(TimeDelta::minutes(10));
    let published = keys(&server).await;
    assert!(!is_signed(&first, &published) && is_signed(&second, &published));
}

/// The application's verifier may accept only the default algorithm.
#[tokio::test]
async fn default_tokens_keep_their_algorithm_after_an_audience_is_added_or_removed() {
    let before = signing().start();
    let ada = before.signed_up("ada").await;
    let kid = part(&token(&ada).await, 0)["kid"].clone();
    let with_audience = api().replica_of(&before).start();
    let bob = with_audience.signed_up("bob").await;
    assert_eq!(part(&token_for(&bob, API).await, 0)["alg"], "ES256");
    assert_eq!(part(&token(&bob).await, 0)["kid"], kid);
    let after = signing().replica_of(&before).start();
    after.clock.advance(TimeDelta::hours(1));
    let eve = after.signed_up("eve").await;
    assert_eq!(part(&token(&eve).await, 0)["kid"], kid);
}

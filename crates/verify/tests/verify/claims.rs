//! Checks of the claims, and their types.

use portcullis_verify::{Claims, Empty, Error};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    clock::START,
    signatures::verifier,
    signer::{AUDIENCE, ISSUER, Signer, claims, claims_with, jwks},
};

#[derive(Debug, PartialEq, Deserialize)]
struct Fields {
    email: String,
    plan: Option<String>,
}

#[tokio::test]
async fn claims_are_typed() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    let token = signer.sign(&claims());
    let found: Claims<Fields> = verifier.verify(&token).await.unwrap();
    let expected = Claims {
        iss: ISSUER.to_owned(),
        sub: "user1".to_owned(),
        sid: Some("session1".to_owned()),
        jti: Some("token1".to_owned()),
        aud: vec![AUDIENCE.to_owned()],
        iat: Some(START),
        nbf: None,
        exp: START + 900,
        fields: Fields {
            email: "ada@example.com".to_owned(),
            plan: None,
        },
    };
    assert_eq!(found, expected);
    let found: Claims = verifier.verify(&token).await.unwrap();
    assert_eq!(found.fields, Empty {});
}

#[tokio::test]
async fn tokens_of_better_auths_default_claims_are_accepted() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    let claims = json!({
        "iat": START, "name": "Ada", "email": "ada@example.com", "emailVerified": false, "image": null,
        "id": "user1", "sub": "user1", "exp": START + 900, "iss": ISSUER, "aud": ["other", AUDIENCE],
    });
    let found: Claims<Fields> = verifier.verify(&signer.sign(&claims)).await.unwrap();
    assert_eq!(
        (found.sub.as_str(), found.sid, found.aud.len()),
        ("user1", None, 2)
    );
}

#[tokio::test]
async fn claims_of_other_services_or_times_are_rejected() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    let cases: Vec<(&str, Value, Error)> = vec![
        ("iss", json!("https://auth.example.com/"), Error::WrongIssuer),
        ("iss", json!("https://evil.example"), Error::WrongIssuer),
        ("aud", json!("https://other.example.com"), Error::WrongAudience),
        ("aud", json!([]), Error::WrongAudience),
        (
            "aud",
            json!(["https://other.example.com", "x"]),
            Error::WrongAudience,
        ),
        ("exp", json!(START - 60), Error::Expired),
        ("exp", json!(-1), Error::Expired),
        ("nbf", json!(START + 61), Error::NotYetValid),
        ("iat", json!(START + 61), Error::NotYetValid),
        ("iat", json!(1e300), Error::NotYetValid),
    ];
    for (name, value, expected) in cases {
        let token = signer.sign(&claims_with(name, value.clone()));
        let found = verifier.verify(&token).await.map(|_: Claims| ());
        assert_eq!(found, Err(expected), "{name} {value}");
    }
}

#[tokio::test]
async fn small_differences_of_clocks_are_tolerated() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    for (name, value) in [
        ("exp", json!(START - 59)),
        ("exp", json!(f64::from(i32::MAX) + 0.5)),
        ("nbf", json!(START + 60)),
        ("iat", json!(START + 60)),
        ("iat", Value::Null),
        ("sid", Value::Null),
        ("jti", Value::Null),
    ] {
        let token = signer.sign(&claims_with(name, value.clone()));
        let found = verifier.verify(&token).await.map(|_: Claims| ());
        assert_eq!(found, Ok(()), "{name} {value}");
    }
}

#[tokio::test]
async fn required_claims_must_exist_and_have_their_types() {
    let signer = Signer::new("EdDSA", "a");
    let (verifier, _server) = verifier(&jwks([&signer])).await;
    for (name, value) in [
        ("exp", Value::Null),
        ("exp", json!("1900000000")),
        ("exp", json!([1_900_000_000])),
        ("iss", Value::Null),
        ("iss", json!([ISSUER])),
        ("aud", Value::Null),
        ("aud", json!({ AUDIENCE: true })),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("nbf", json!("soon")),
        ("iat", json!("now")),
        ("email", Value::Null),
        ("email", json!(false)),
    ] {
        let token = signer.sign(&claims_with(name, value.clone()));
        let error = verifier.verify::<Fields>(&token).await.unwrap_err();
        assert!(matches!(error, Error::Claims(_)), "{name} {value}: {error}");
        assert_eq!(error.status(), 401);
    }
    for payload in [json!([]), json!("text"), json!(null)] {
        let error = verifier
            .verify::<Empty>(&signer.sign(&payload))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Claims(_)), "{payload}: {error}");
    }
}

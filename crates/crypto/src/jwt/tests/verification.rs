//! Verification of tokens, and known attacks on verifiers of JWTs.

use josekit::jws::HS256;
use openssl::{bn::BigNum, rsa::Rsa};
use portcullis_application::ports::{TokenVerifier as _, VerifyingKey};
use portcullis_domain::id::KeyId;

use super::*;

/// Keys of all algorithms; the id of a key is the name of its algorithm.
fn keys() -> Vec<VerifyingKey> {
    let key = |vector: Vector| VerifyingKey {
        id: KeyId::new(vector.algorithm.name()),
        algorithm: vector.algorithm,
        public: vector.public,
    };
    vectors().into_iter().map(key).collect()
}

fn verify(token: &str) -> Option<Map<String, Value>> {
    JoseVerifier.verify(token, &keys())
}

fn encoded(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Returns a token with this header, which our key of this algorithm signs.
fn signed(algorithm: Algorithm, header: &Value) -> String {
    let vector = vectors()
        .into_iter()
        .find(|vector| vector.algorithm == algorithm)
        .unwrap();
    let jwk = Jwk::from_bytes(vector.private.expose()).unwrap();
    signed_by(&*signer(algorithm, &jwk).unwrap(), header)
}

fn signed_by(signer: &dyn JwsSigner, header: &Value) -> String {
    let message = format!("{}.{}", encoded(header), BASE64_URL_SAFE_NO_PAD.encode(CLAIMS));
    let signature = signer.sign(message.as_bytes()).unwrap();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_token_of_each_algorithm_is_verified_and_an_altered_one_is_not() {
    for algorithm in Algorithm::ALL {
        let name = algorithm.name();
        let token = signed(algorithm, &json!({ "alg": name, "kid": name }));
        let claims: Value = serde_json::from_str(CLAIMS).unwrap();
        assert_eq!(verify(&token).map(Value::Object), Some(claims), "{name}");

        let parts: Vec<_> = token.split('.').collect();
        let other = encoded(&json!({ "sub": "another" }));
        for altered in [
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}.{}", parts[2]),
            format!("{token}="),
            format!(" {token}"),
            format!("{token}\n"),
            format!("{token}.."),
        ] {
            assert_eq!(verify(&altered), None, "{name}: {altered}");
        }
    }
}

fn rsa_pem(jwk: &Jwk) -> Option<Vec<u8>> {
    let number = |name| {
        let text = jwk.parameter(name)?.as_str()?;
        BigNum::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    };
    let key = Rsa::from_public_components(number("n")?, number("e")?).ok()?;
    key.public_key_to_pem().ok()
}

/// The attacker signs with the published key as the secret of an HMAC.
#[test]
fn algorithm_confusion_a_mac_with_a_public_key_is_rejected() {
    for key in keys() {
        let kid = key.id.as_str();
        let jwk = Jwk::from_bytes(&key.public).unwrap();
        let coordinate = ["x", "n"]
            .into_iter()
            .find_map(|name| jwk.parameter(name))
            .unwrap();
        let raw = BASE64_URL_SAFE_NO_PAD
            .decode(coordinate.as_str().unwrap())
            .unwrap();
        let pem = rsa_pem(&jwk).unwrap_or_default();
        for secret in [key.public.clone().into_bytes(), raw, pem] {
            if secret.is_empty() {
                continue;
            }
            let mac = HS256.signer_from_bytes(&secret).unwrap();
            for alg in ["HS256", key.algorithm.name()] {
                let token = signed_by(&mac, &json!({ "alg": alg, "kid": kid }));
                assert_eq!(verify(&token), None, "{alg} {kid}");
            }
        }
    }
}

#[test]
fn algorithm_confusion_a_key_verifies_only_its_own_algorithm() {
    for (own, named) in [
        (Algorithm::Rs256, "PS256"),
        (Algorithm::Ps256, "RS256"),
        (Algorithm::Es256, "ES512"),
        (Algorithm::EdDsa, "ES256"),
        (Algorithm::EdDsa, "eddsa"),
    ] {
        let token = signed(own, &json!({ "alg": named, "kid": own.name() }));
        assert_eq!(verify(&token), None, "{own:?} {named}");
    }
    let padded = signed(Algorithm::Rs256, &json!({ "alg": "PS256", "kid": "PS256" }));
    assert_eq!(verify(&padded), None);
}

#[test]
fn a_token_without_a_signature_is_rejected() {
    for alg in ["none", "None", "NONE", ""] {
        for kid in [json!("EdDSA"), Value::Null] {
            let header = encoded(&json!({ "alg": alg, "kid": kid }));
            let token = format!("{header}.{}.", BASE64_URL_SAFE_NO_PAD.encode(CLAIMS));
            assert_eq!(verify(&token), None, "{alg} {kid}");
        }
    }
    let without = encoded(&json!({ "kid": "EdDSA" }));
    let token = format!("{without}.{}.", BASE64_URL_SAFE_NO_PAD.encode(CLAIMS));
    assert_eq!(verify(&token), None);
}

#[test]
fn kid_injection_a_token_that_names_no_key_of_ours_is_rejected() {
    for kid in [
        json!("unknown"),
        json!(""),
        json!("../../dev/null"),
        json!("EdDSA' OR '1'='1"),
        json!("eddsa"),
        json!("k".repeat(10_000)),
        json!(["EdDSA"]),
        Value::Null,
    ] {
        let token = signed(Algorithm::EdDsa, &json!({ "alg": "EdDSA", "kid": kid }));
        assert_eq!(verify(&token), None, "{kid}");
    }
    let token = signed(Algorithm::EdDsa, &json!({ "alg": "EdDSA" }));
    assert_eq!(verify(&token), None, "no kid");
}

#[test]
fn a_token_that_names_no_key_is_verified_with_the_key_that_is_given() {
    for vector in vectors() {
        let algorithm = vector.algorithm;
        let name = algorithm.name();
        let token = signed(algorithm, &json!({ "alg": name }));
        let claims: Value = serde_json::from_str(CLAIMS).unwrap();
        let verified = JoseVerifier.verify_unnamed(&token, algorithm, &vector.public);
        assert_eq!(verified.map(Value::Object), Some(claims.clone()), "{name}");
        let mut with_id: Value = serde_json::from_str(&vector.public).unwrap();
        with_id["kid"] = json!("1");
        let verified = JoseVerifier.verify_unnamed(&token, algorithm, &with_id.to_string());
        assert_eq!(verified.map(Value::Object), Some(claims), "{name}");

        let other = encoded(&json!({ "sub": "another" }));
        let parts: Vec<_> = token.split('.').collect();
        let altered = format!("{}.{other}.{}", parts[0], parts[2]);
        let of_another = signed(another(algorithm), &json!({ "alg": name }));
        for token in [altered, of_another] {
            assert_eq!(
                JoseVerifier.verify_unnamed(&token, algorithm, &vector.public),
                None,
                "{token}"
            );
        }
        for header in [
            json!({ "alg": name, "kid": name }),
            json!({ "alg": name, "kid": "1" }),
            json!({ "alg": name, "kid": null }),
            json!({ "alg": name, "crit": ["exp"] }),
            json!({ "alg": another(algorithm).name() }),
            json!({ "alg": "none" }),
            json!({}),
        ] {
            let token = signed(algorithm, &header);
            assert_eq!(
                JoseVerifier.verify_unnamed(&token, algorithm, &vector.public),
                None,
                "{header}"
            );
        }
    }
}

fn another(than: Algorithm) -> Algorithm {
    Algorithm::ALL
        .into_iter()
        .find(|algorithm| *algorithm != than)
        .unwrap()
}

/// The attacker has an own key, and sends it in the header, or names a page from which to read it.
#[tokio::test]
async fn a_foreign_key_is_rejected_whatever_the_header_says() {
    let pair = Jose::default().generate(Algorithm::EdDsa, 2048).await.unwrap();
    let private = Jwk::from_bytes(pair.private.expose()).unwrap();
    let foreign = signer(Algorithm::EdDsa, &private).unwrap();
    let public: Value = serde_json::from_str(&pair.public).unwrap();
    let page = "https://attacker.example.com/jwks";
    for header in [
        json!({ "alg": "EdDSA", "kid": "EdDSA" }),
        json!({ "alg": "EdDSA", "kid": "EdDSA", "jwk": public }),
        json!({ "alg": "EdDSA", "kid": "own", "jwk": public }),
        json!({ "alg": "EdDSA", "kid": "own", "jku": page }),
        json!({ "alg": "EdDSA", "jwk": public, "x5u": page }),
    ] {
        let token = signed_by(&*foreign, &header);
        assert_eq!(verify(&token), None, "{header}");
    }
}

#[test]
fn a_token_that_demands_extensions_is_rejected() {
    for crit in [json!(["b64"]), json!(["exp"]), json!([]), json!("b64")] {
        let header = json!({ "alg": "EdDSA", "kid": "EdDSA", "b64": true, "crit": crit });
        assert_eq!(verify(&signed(Algorithm::EdDsa, &header)), None, "{crit}");
    }
}

#[test]
fn claims_that_are_no_object_are_rejected() {
    let vector = vectors().remove(0);
    let key = Jose::default().open(vector.algorithm, &vector.private).unwrap();
    let name = vector.algorithm.name();
    for claims in ["[]", "\"text\"", "no json", ""] {
        assert_eq!(verify(&key.sign(name, claims).unwrap()), None, "{claims}");
    }
}

#[test]
fn an_unusable_key_verifies_nothing() {
    let broken = |public: &str| VerifyingKey {
        id: KeyId::new("EdDSA"),
        algorithm: Algorithm::EdDsa,
        public: public.to_owned(),
    };
    let token = signed(Algorithm::EdDsa, &json!({ "alg": "EdDSA", "kid": "EdDSA" }));
    for public in ["", "{}", r#"{"kty":"oct","k":"AAAA"}"#] {
        assert_eq!(JoseVerifier.verify(&token, &[broken(public)]), None, "{public}");
    }
}

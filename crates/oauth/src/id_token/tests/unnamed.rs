//! Tokens that name no key. The signature of a token is the number of the key that has signed it.

use portcullis_application::ports::VerifyingKey;

use super::*;

/// Verifies signatures that are the member `n` of the key.
struct NumberVerifier;

impl TokenVerifier for NumberVerifier {
    fn verify(&self, token: &str, keys: &[VerifyingKey]) -> Option<Map<String, Value>> {
        let [key] = keys else {
            return None;
        };
        claims(token, &key.public)
    }

    fn verify_unnamed(&self, token: &str, _algorithm: Algorithm, public: &str) -> Option<Map<String, Value>> {
        claims(token, public)
    }
}

fn claims(token: &str, public: &str) -> Option<Map<String, Value>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let key: Value = serde_json::from_str(public).ok()?;
    if key["n"] != signature {
        return None;
    }
    let claims = BASE64_URL_SAFE_NO_PAD.decode(signed.split('.').nth(1)?);
    serde_json::from_slice(&claims.ok()?).ok()
}

/// Returns an RSA key with this number, and with these other members.
fn key(number: &str, other: &Value) -> Value {
    let mut key = json!({ "kty": "RSA", "n": number });
    for (name, value) in other.as_object().unwrap() {
        key[name] = value.clone();
    }
    key
}

async fn setup(keys: Vec<Value>) -> Setup {
    Setup::with_verifier(keys, Arc::new(NumberVerifier)).await
}

/// Returns a token with this header, which the key with this number has signed.
fn token(setup: &Setup, header: &Value, number: &str) -> Secret<String> {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = setup.claims(&json!({}));
    Secret::new(format!("{}.{}.{number}", part(header), part(&claims)))
}

/// Returns a token that names no key, which the key with this number has signed.
fn unnamed(setup: &Setup, number: &str) -> Secret<String> {
    token(setup, &json!({ "alg": "RS256" }), number)
}

async fn accepts(setup: &Setup, token: &Secret<String>) -> bool {
    let rules = IdTokenRules {
        may_omit_key_id: true,
        ..setup.rules()
    };
    setup.verifier.verify(&rules, token, None).await.unwrap()
}

#[tokio::test]
async fn a_token_that_names_no_key_is_verified_with_the_only_key_of_its_algorithm() {
    for keys in [
        vec![key("1", &json!({ "kid": "a" }))],
        vec![key("1", &json!({}))],
        vec![key("1", &json!({ "alg": "RS256" }))],
        vec![
            key("1", &json!({ "kid": "a" })),
            key("2", &json!({ "kid": "b", "alg": "PS256" })),
            key("3", &json!({ "kid": "c", "use": "enc" })),
            json!({ "kty": "EC", "crv": "P-256", "kid": "d" }),
        ],
    ] {
        let setup = setup(keys.clone()).await;
        assert!(accepts(&setup, &unnamed(&setup, "1")).await, "{keys:?}");
        assert!(!accepts(&setup, &unnamed(&setup, "2")).await, "{keys:?}");
        assert_eq!(setup.requests(), 1);
    }
}

#[tokio::test]
async fn a_token_that_names_no_key_is_rejected_if_several_keys_have_its_algorithm() {
    for (one, two) in [
        (json!({ "kid": "a" }), json!({ "kid": "b" })),
        (json!({}), json!({})),
        (json!({ "kid": "a" }), json!({})),
        (json!({ "alg": "RS256" }), json!({})),
    ] {
        let setup = setup(vec![key("1", &one), key("2", &two)]).await;
        for number in ["1", "2"] {
            assert!(!accepts(&setup, &unnamed(&setup, number)).await, "{one} {two}");
        }
    }
    let setup = setup(Vec::new()).await;
    assert!(!accepts(&setup, &unnamed(&setup, "1")).await);
}

#[tokio::test]
async fn a_token_with_an_unknown_id_is_rejected_although_there_is_only_one_key() {
    for other in [json!({ "kid": "a" }), json!({})] {
        let setup = setup(vec![key("1", &other)]).await;
        assert!(accepts(&setup, &unnamed(&setup, "1")).await);
        setup.clock.advance(TimeDelta::seconds(60));
        for kid in [json!("b"), json!("b"), json!(""), json!(null), json!(1)] {
            let token = token(&setup, &json!({ "alg": "RS256", "kid": kid }), "1");
            assert!(!accepts(&setup, &token).await, "{kid}");
        }
        assert_eq!(setup.requests(), 2);
    }
}

#[tokio::test]
async fn the_keys_are_read_again_when_the_only_key_has_not_signed_a_token() {
    let setup = setup(vec![key("1", &json!({}))]).await;
    assert!(accepts(&setup, &unnamed(&setup, "1")).await);
    *setup.keys.lock().unwrap() = vec![key("2", &json!({}))];
    assert!(!accepts(&setup, &unnamed(&setup, "2")).await);
    setup.clock.advance(TimeDelta::seconds(60));
    assert!(accepts(&setup, &unnamed(&setup, "1")).await);
    assert_eq!(setup.requests(), 1);
    assert!(accepts(&setup, &unnamed(&setup, "2")).await);
    assert!(!accepts(&setup, &unnamed(&setup, "1")).await);
    assert!(!accepts(&setup, &unnamed(&setup, "3")).await);
    assert_eq!(setup.requests(), 2);
}

#[tokio::test]
async fn a_token_must_name_its_key_if_the_rules_demand_it() {
    let setup = setup(vec![key("1", &json!({ "kid": "a" }))]).await;
    assert!(!setup.accepts(&unnamed(&setup, "1")).await);
    let named = token(&setup, &json!({ "alg": "RS256", "kid": "a" }), "1");
    assert!(setup.accepts(&named).await);
}

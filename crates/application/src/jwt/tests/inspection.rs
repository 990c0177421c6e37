//! Recognition of tokens. Signatures are tested with the adapter of `TokenVerifier`.

use super::{algorithms::with_audiences, *};
use crate::seams::{InspectedToken, TokenInspector as _};

fn allowed() -> JwtOptions {
    with_audiences(&[("api", Some(Algorithm::Es256))])
}

fn keys() -> Vec<StoredKey> {
    vec![a_key("K", Algorithm::EdDsa), a_key("E", Algorithm::Es256)]
}

async fn inspect(options: JwtOptions, keys: Vec<StoredKey>, token: &str) -> Option<InspectedToken> {
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(keys)], Vec::new()));
    Jwt::new(&fake.ports, options).inspect(token).await.unwrap()
}

/// Returns a valid token's claims with these changes; `null` removes a claim.
fn claims(changes: &Value) -> Map<String, Value> {
    let now = start().timestamp();
    let valid = json!({
        "iss": "https://auth.example.com", "aud": "api", "sub": "user-1", "sid": "session-1", "exp": now + 1,
    });
    let (Value::Object(mut claims), Value::Object(changes)) = (valid, changes.clone()) else {
        panic!("claims are an object")
    };
    for (name, value) in changes {
        claims.insert(name, value);
    }
    claims.retain(|_, value| !value.is_null());
    claims
}

async fn inspect_claims(options: JwtOptions, changes: Value) -> Option<InspectedToken> {
    let token = format!("ES256.E.{}", Value::Object(claims(&changes)));
    inspect(options, keys(), &token).await
}

#[tokio::test]
async fn a_token_for_an_audience_names_its_user_and_its_session() {
    let found = inspect_claims(allowed(), json!({})).await.unwrap();
    assert_eq!(found.user.as_str(), "user-1");
    assert_eq!(found.session.unwrap().as_str(), "session-1");
    assert_eq!(found.claims, claims(&json!({})));
}

#[tokio::test]
async fn a_default_token_names_no_session_whatever_fields_the_user_has() {
    let default = json!({ "aud": "https://auth.example.com" });
    let found = inspect_claims(allowed(), default).await.unwrap();
    assert_eq!((found.user.as_str(), found.session), ("user-1", None));
}

#[tokio::test]
async fn a_token_is_recognized_only_with_our_issuer_and_audience_and_while_it_is_valid() {
    let now = start().timestamp();
    for changes in [
        json!({ "iss": "https://other.example.com" }),
        json!({ "iss": "https://auth.example.com/" }),
        json!({ "iss": null }),
        json!({ "iss": ["https://auth.example.com"] }),
        json!({ "aud": "another" }),
        json!({ "aud": ["another"] }),
        json!({ "aud": null }),
        json!({ "aud": { "api": true } }),
        json!({ "exp": now }),
        json!({ "exp": null }),
        json!({ "exp": -1 }),
        json!({ "exp": 9_999_999_999.5 }),
        json!({ "exp": "" }),
        json!({ "exp": "9999999999" }),
        json!({ "nbf": now + 1 }),
        json!({ "nbf": "0" }),
        json!({ "sub": null }),
        json!({ "sub": 1 }),
        json!({ "sid": null }),
    ] {
        let found = inspect_claims(allowed(), changes.clone()).await;
        assert_eq!(found, None, "{changes}");
    }
    for changes in [json!({ "nbf": now }), json!({ "aud": ["another", "api"] })] {
        assert!(
            inspect_claims(allowed(), changes.clone()).await.is_some(),
            "{changes}"
        );
    }
}

/// Another user may have the address by now.
#[tokio::test]
async fn a_subject_that_is_an_address_is_never_resolved() {
    let by_address = || {
        let mut options = allowed();
        options.claims.subject = Subject::Email;
        options
    };
    let default =
        |id: Value| json!({ "aud": "https://auth.example.com", "sub": "ada@example.com", "id": id });
    let found = inspect_claims(by_address(), default(json!("user-1"))).await;
    assert_eq!(found.unwrap().user.as_str(), "user-1");
    assert_eq!(inspect_claims(by_address(), default(Value::Null)).await, None);
}

#[tokio::test]
async fn a_token_of_an_unknown_or_withdrawn_key_is_not_recognized() {
    let token = |key: &str| format!("{key}.{}", Value::Object(claims(&json!({}))));
    for key in ["ES256.other", "EdDSA.E", "ES256.K"] {
        assert_eq!(inspect(allowed(), keys(), &token(key)).await, None, "{key}");
    }
    let ended = ending(a_key("E", Algorithm::Es256), -options().rotation.grace);
    assert_eq!(inspect(allowed(), vec![ended], &token("ES256.E")).await, None);
    let kept = ending(
        a_key("E", Algorithm::Es256),
        TimeDelta::seconds(1) - options().rotation.grace,
    );
    assert!(inspect(allowed(), vec![kept], &token("ES256.E")).await.is_some());
}

#[tokio::test]
async fn a_text_that_is_no_jwt_costs_no_statement() {
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), Vec::new()));
    let jwt = Jwt::new(&fake.ports, allowed());
    for text in ["", "token", "token.signature"] {
        assert_eq!(jwt.inspect(text).await.unwrap(), None, "{text}");
    }
}

#[tokio::test]
async fn an_unreachable_store_is_a_failure_and_not_an_unknown_token() {
    let mut away = FakeUnitOfWork::default();
    away.jwks
        .expect_list()
        .once()
        .return_once(|| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![away], Vec::new()));
    let inspected = Jwt::new(&fake.ports, allowed()).inspect("a.b.c").await;
    assert!(inspected.unwrap_err().is_unavailable());
}

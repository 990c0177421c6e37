//! Claims of tokens for an audience of the allow-list.

use super::{algorithms::with_audiences, *};

async fn token_for(options: JwtOptions, audience: &str, view: Value) -> Option<Value> {
    let reads = vec![listing(vec![a_key("K", Algorithm::EdDsa)])];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let Value::Object(view) = view else {
        panic!("a view is an object: {view}");
    };
    let session = SessionId::new("session-1");
    let jwt = Jwt::new(&fake.ports, options);
    let token = jwt.token_for(audience, (&a_user(), &session), view).await;
    let token = token.unwrap()?;
    Some(serde_json::from_str(token.strip_prefix("EdDSA.K.").unwrap()).unwrap())
}

#[tokio::test]
async fn a_token_contains_the_session_an_id_and_only_the_chosen_fields() {
    let options = with_audiences(&[("api", None)]);
    let view = json!({ "id": "user-1", "name": "Ada", "email": "ada@example.com" });
    let claims = token_for(options, "api", view).await.unwrap();
    let now = start().timestamp();
    let id = claims["jti"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 32);
    assert_eq!(
        claims,
        json!({
            "iat": now,
            "exp": now + 300,
            "aud": "api",
            "email": "ada@example.com",
            "iss": "https://auth.example.com",
            "sub": "user-1",
            "sid": "session-1",
            "jti": id,
        })
    );
}

#[tokio::test]
async fn the_subject_is_the_users_id_even_if_default_tokens_contain_the_address() {
    let mut options = with_audiences(&[("api", None)]);
    options.claims.subject = Subject::Email;
    let claims = token_for(options, "api", json!({})).await.unwrap();
    assert_eq!(claims["sub"], "user-1");
}

/// A deployment may declare a field of any name, and let users set it.
#[tokio::test]
async fn no_field_of_a_user_sets_a_claim_that_verifiers_rely_on() {
    let names = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid"];
    let mut options = with_audiences(&[("api", None)]);
    options.audiences[0].payload = names.map(str::to_owned).to_vec();
    let forged: Map<_, _> = names
        .map(|name| (name.to_owned(), json!("forged")))
        .into_iter()
        .collect();
    let claims = token_for(options, "api", Value::Object(forged)).await.unwrap();
    assert!(!claims.to_string().contains("forged"), "{claims}");
}

#[tokio::test]
async fn an_audience_that_is_not_in_the_list_gets_no_token_and_no_statement() {
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), Vec::new()));
    let jwt = Jwt::new(&fake.ports, with_audiences(&[("api", None)]));
    let session = SessionId::new("session-1");
    for audience in ["", "API", "api ", "https://auth.example.com"] {
        let token = jwt.token_for(audience, (&a_user(), &session), Map::new()).await;
        assert_eq!(token.unwrap(), None, "{audience}");
    }
}

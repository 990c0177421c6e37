use super::*;

/// Returns the claims of a token for the user, given the user as clients see it.
async fn claims(claims: ClaimOptions, view: Value) -> Value {
    let reads = vec![listing(vec![a_key("K", Algorithm::EdDsa)])];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    fake.clock.advance(TimeDelta::milliseconds(999));
    let options = JwtOptions { claims, ..options() };
    let Value::Object(view) = view else {
        panic!("a view is an object: {view}");
    };
    let token = Jwt::new(&fake.ports, options)
        .token(&a_user(), view)
        .await
        .unwrap();
    serde_json::from_str(token.strip_prefix("EdDSA.K.").unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_contains_all_that_clients_see_between_iat_and_sub() {
    let claims = claims(
        options().claims,
        json!({ "name": "Ada", "id": "user-1", "plan": null }),
    )
    .await;
    let now = start().timestamp();
    let expected = json!({
        "iat": now,
        "name": "Ada",
        "id": "user-1",
        "plan": null,
        "sub": "user-1",
        "exp": now + 900,
        "iss": "https://auth.example.com",
        "aud": "https://auth.example.com",
    });
    assert_eq!(claims.to_string(), expected.to_string());
}

/// A deployment may declare a field of any name, and let users set it.
#[tokio::test]
async fn no_field_of_a_user_sets_a_registered_claim() {
    let registered = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
    let forged: Map<_, _> = registered
        .map(|name| (name.to_owned(), json!("forged")))
        .into_iter()
        .collect();
    let payloads = [None, Some(registered.map(str::to_owned).to_vec())];
    for payload in payloads {
        let options = ClaimOptions {
            payload,
            ..options().claims
        };
        let claims = claims(options, Value::Object(forged.clone())).await;
        assert!(!claims.to_string().contains("forged"), "{claims}");
        let names: Vec<_> = claims.as_object().unwrap().keys().collect();
        assert_eq!(names, ["iat", "sub", "exp", "iss", "aud"]);
    }
}

#[tokio::test]
async fn a_token_contains_only_the_configured_fields_in_the_views_order() {
    let chosen = ClaimOptions {
        payload: Some(["role", "name", "missing"].map(str::to_owned).to_vec()),
        ..options().claims
    };
    let view = json!({ "name": "Ada", "email": "ada@example.com", "role": "user" });
    let claims = claims(chosen, view).await;
    let names: Vec<_> = claims.as_object().unwrap().keys().collect();
    assert_eq!(names, ["iat", "name", "role", "sub", "exp", "iss", "aud"]);
}

#[tokio::test]
async fn the_subject_is_the_stored_value_and_not_that_of_the_view() {
    for (subject, expected) in [(Subject::Id, "user-1"), (Subject::Email, "ada@example.com")] {
        let options = ClaimOptions {
            subject,
            ..options().claims
        };
        let claims = claims(options, json!({ "id": "forged", "email": "forged" })).await;
        assert_eq!(claims["sub"], expected);
    }
}

#[tokio::test]
async fn one_audience_is_a_string_and_several_are_an_array() {
    for (audience, expected) in [(vec!["a"], json!("a")), (vec!["a", "b"], json!(["a", "b"]))] {
        let options = ClaimOptions {
            audience: audience.into_iter().map(str::to_owned).collect(),
            ..options().claims
        };
        assert_eq!(claims(options, json!({})).await["aud"], expected);
    }
}

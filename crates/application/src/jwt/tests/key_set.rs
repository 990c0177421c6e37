//! Published keys.

use super::*;

async fn published(keys: Vec<StoredKey>, after: TimeDelta) -> Vec<Value> {
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(keys)], Vec::new()));
    fake.clock.advance(after);
    Jwt::new(&fake.ports, options()).key_set().await.unwrap()
}

fn names(keys: &[Value]) -> Vec<&str> {
    keys.iter().filter_map(|key| key["kid"].as_str()).collect()
}

#[tokio::test]
async fn a_published_key_has_better_auths_members_in_its_order_and_no_private_member() {
    let key = StoredKey {
        public: r#"{"x":"X","kty":"EdDSA","crv":"Ed25519"}"#.to_owned(),
        ..a_key("K", Algorithm::EdDsa)
    };
    let keys = published(vec![key, a_key("L", Algorithm::Es512)], TimeDelta::zero()).await;
    assert_eq!(
        keys[0].to_string(),
        r#"{"alg":"EdDSA","crv":"Ed25519","x":"X","kty":"EdDSA","kid":"K"}"#
    );
    assert_eq!(keys[1].to_string(), r#"{"alg":"ES512","kty":"ES512","kid":"L"}"#);
}

#[tokio::test]
async fn keys_are_published_in_the_stores_order_until_their_grace_period_ends() {
    let keys = || {
        vec![
            a_key("three", Algorithm::EdDsa),
            ending(a_key("two", Algorithm::EdDsa), TimeDelta::days(1)),
            ending(a_key("one", Algorithm::EdDsa), TimeDelta::zero()),
        ]
    };
    let week = TimeDelta::days(7);
    let moment = TimeDelta::milliseconds(1);
    assert_eq!(
        names(&published(keys(), week - moment).await),
        ["three", "two", "one"]
    );
    assert_eq!(names(&published(keys(), week).await), ["three", "two"]);
    assert_eq!(
        names(&published(keys(), week + TimeDelta::days(1)).await),
        ["three"]
    );
}

/// Tokens that it signed are still valid, although it no longer signs.
#[tokio::test]
async fn a_key_whose_private_part_cannot_be_decrypted_is_published() {
    let key = StoredKey {
        private: sealed_by("another secret", Algorithm::EdDsa),
        ..a_key("K", Algorithm::EdDsa)
    };
    assert_eq!(names(&published(vec![key], TimeDelta::zero()).await), ["K"]);
}

#[tokio::test]
async fn an_invalid_key_is_skipped() {
    let broken = |public: &str| StoredKey {
        public: public.to_owned(),
        ..a_key("broken", Algorithm::EdDsa)
    };
    let keys = vec![broken("no json"), broken("{}"), a_key("K", Algorithm::EdDsa)];
    assert_eq!(names(&published(keys, TimeDelta::zero()).await), ["K"]);
}

#[tokio::test]
async fn the_first_key_is_created_if_there_is_none() {
    let (unit, made) = making(Vec::new());
    let reads = vec![
        listing(Vec::new()),
        listing(Vec::new()),
        listing(Vec::new()),
        listing(vec![a_key("K", Algorithm::EdDsa)]),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let keys = Jwt::new(&fake.ports, options()).key_set().await.unwrap();
    assert_eq!(names(&keys), ["K"]);
    assert!(made.recv().is_ok() && fake.store.has_committed());
}

#[tokio::test]
async fn an_unreachable_store_is_a_failure_and_not_an_empty_key_set() {
    let mut away = FakeUnitOfWork::default();
    away.jwks
        .expect_list()
        .once()
        .return_once(|| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![away], Vec::new()));
    let outcome = Jwt::new(&fake.ports, options()).key_set().await;
    assert!(outcome.unwrap_err().is_unavailable());
}

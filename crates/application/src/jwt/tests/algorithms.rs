//! Several algorithms in use: each has its own key and its own rotation.

use super::*;
use crate::jwt::AudienceOptions;

/// Options with audiences of these names and algorithms.
pub(super) fn with_audiences(audiences: &[(&str, Option<Algorithm>)]) -> JwtOptions {
    let audience = |(name, algorithm): &(&str, Option<Algorithm>)| AudienceOptions {
        audience: (*name).to_owned(),
        algorithm: *algorithm,
        payload: vec!["email".to_owned()],
        expires_in: TimeDelta::minutes(5),
    };
    JwtOptions {
        audiences: audiences.iter().map(audience).collect(),
        ..options()
    }
}

fn several() -> JwtOptions {
    with_audiences(&[
        ("api", Some(Algorithm::Es256)),
        ("legacy", Some(Algorithm::Rs256)),
        ("plain", None),
    ])
}

async fn signed_for(jwt: &Jwt, audience: &str) -> String {
    let session = SessionId::new("session-1");
    let token = jwt.token_for(audience, (&a_user(), &session), Map::new()).await;
    let token = token.unwrap().expect("the audience is allowed");
    let (signature, _claims) = token.split_once(".{").unwrap();
    signature.to_owned()
}

#[tokio::test]
async fn each_audience_is_signed_for_with_the_newest_key_of_its_algorithm() {
    let keys = vec![
        a_key("rs", Algorithm::Rs256),
        a_key("es", Algorithm::Es256),
        a_key("ed", Algorithm::EdDsa),
        a_key("old", Algorithm::Es256),
    ];
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(keys)], Vec::new()));
    let jwt = Jwt::new(&fake.ports, several());
    assert_eq!(signed_by(&jwt).await, "EdDSA.ed");
    assert_eq!(signed_for(&jwt, "api").await, "ES256.es");
    assert_eq!(signed_for(&jwt, "legacy").await, "RS256.rs");
    assert_eq!(signed_for(&jwt, "plain").await, "EdDSA.ed");
}

#[tokio::test]
async fn the_first_key_of_an_audience_does_not_sign_default_tokens() {
    let (unit, made) = making(Vec::new());
    let (first, _made) = making(vec![a_key("es", Algorithm::Es256)]);
    let reads = (0..2).map(|_| listing(Vec::new()));
    let later = (0..2).map(|_| listing(vec![a_key("es", Algorithm::Es256)]));
    let fake = FakePorts::with_store(FakeStore::new(reads.chain(later).collect(), vec![unit, first]));
    let jwt = Jwt::new(&fake.ports, several());
    let signed = signed_for(&jwt, "api").await;
    assert_eq!(signed, format!("ES256.{}", made.recv().unwrap().id));
    assert!(signed_by(&jwt).await.starts_with("EdDSA."));
}

#[tokio::test]
async fn the_key_set_has_a_key_of_each_algorithm_before_the_first_token() {
    let es = || a_key("es", Algorithm::Es256);
    let ed = || a_key("ed", Algorithm::EdDsa);
    let (unit, made) = making(vec![ed()]);
    let reads = vec![
        listing(vec![ed()]),
        listing(vec![ed()]),
        listing(vec![ed()]),
        listing(vec![es(), ed()]),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let options = with_audiences(&[("api", Some(Algorithm::Es256))]);
    let keys = Jwt::new(&fake.ports, options).key_set().await.unwrap();
    let algorithms: Vec<_> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert_eq!(algorithms, ["ES256", "EdDSA"]);
    assert_eq!(made.recv().unwrap().public, r#"{"kty":"ES256"}"#);
}

#[tokio::test]
async fn a_refresh_creates_the_first_key_of_an_algorithm_only_if_that_takes_long() {
    let ed = || vec![a_key("ed", Algorithm::EdDsa)];
    let (unit, made) = making(ed());
    let reads = vec![listing(ed()), listing(ed())];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    Jwt::new(&fake.ports, several()).refresh().await.unwrap();
    assert_eq!(made.try_iter().count(), 1);
}

#[tokio::test]
async fn the_next_key_of_one_algorithm_is_created_without_a_change_of_the_others() {
    let keys = || {
        vec![
            a_key("ed", Algorithm::EdDsa),
            ending(a_key("es", Algorithm::Es256), TimeDelta::minutes(6)),
        ]
    };
    let (unit, made) = making(keys());
    let reads = vec![listing(keys()), listing(keys())];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let options = with_audiences(&[("api", Some(Algorithm::Es256))]);
    let jwt = Jwt::new(&fake.ports, options);
    jwt.refresh().await.unwrap();
    assert_eq!(made.recv().unwrap().public, r#"{"kty":"ES256"}"#);
    assert_eq!(signed_for(&jwt, "api").await, "ES256.es");
    assert_eq!(signed_by(&jwt).await, "EdDSA.ed");
}

#[tokio::test]
async fn a_rotation_creates_a_key_of_each_algorithm_and_ends_all_others() {
    let mut unit = looking_again(vec![a_key("es", Algorithm::Es256)]);
    unit.jwks.expect_insert().times(3).returning(|_| Ok(()));
    let (sender, kept) = mpsc::channel();
    unit.jwks
        .expect_end_others()
        .once()
        .return_once(move |keep, end| sender.send((keep.to_vec(), end)).map_err(Failure::new));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let jwt = Jwt::new(&fake.ports, several());
    let rotated = jwt.rotate(Rotation::Announced).await.unwrap();
    let algorithms: Vec<_> = rotated.iter().map(|(algorithm, _)| *algorithm).collect();
    assert_eq!(algorithms, [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256]);
    let (kept, end) = kept.recv().unwrap();
    assert_eq!(kept, rotated.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    assert_eq!(end, start() + TimeDelta::minutes(6));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn the_newest_key_of_each_algorithm_is_checked() {
    let keys = vec![
        StoredKey {
            private: sealed_by("another secret", Algorithm::Es256),
            ..a_key("es", Algorithm::Es256)
        },
        a_key("ed", Algorithm::EdDsa),
    ];
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(keys)], Vec::new()));
    let opened = Jwt::new(&fake.ports, several())
        .opens_newest_keys()
        .await
        .unwrap();
    assert_eq!(
        opened,
        [
            (Algorithm::EdDsa, Some(true)),
            (Algorithm::Es256, Some(false)),
            (Algorithm::Rs256, None)
        ]
    );
}

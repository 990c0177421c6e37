//! Creation of keys.

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use super::*;
use crate::{
    ports::{KeyPair, SigningKey, TokenSigner},
    testing::PlainTokenSigner,
};

/// Requests a token with these keys in the store, and returns the new key that signs it.
async fn created(keys: Vec<StoredKey>, options: JwtOptions) -> StoredKey {
    let (unit, created) = making(keys.clone());
    let algorithm = options.algorithm.name();
    let reads = vec![listing(keys.clone()), listing(keys)];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let jwt = Jwt::new(&fake.ports, options);
    let signed_by = signed_by(&jwt).await;
    let key = created.recv().unwrap();
    assert_eq!(signed_by, format!("{algorithm}.{}", key.id));
    assert!(fake.store.has_committed());
    key
}

#[tokio::test]
async fn the_first_key_is_created_when_it_is_needed_and_stored_encrypted() {
    let key = created(Vec::new(), options()).await;
    assert_eq!(key.id.as_str().len(), 32);
    assert_eq!(key.public, json!({ "kty": "EdDSA" }).to_string());
    assert_eq!(
        key.private.expose(),
        sealed_by("SigningKey", Algorithm::EdDsa).expose()
    );
    assert_eq!(key.created_at, start());
    assert_eq!(key.expires_at, Some(start() + TimeDelta::days(30)));
}

#[tokio::test]
async fn a_key_is_stored_unencrypted_and_without_expiry_if_so_configured() {
    let mut plain = JwtOptions {
        algorithm: Algorithm::Es256,
        encrypts_private_keys: false,
        ..options()
    };
    plain.rotation.interval = None;
    let key = created(Vec::new(), plain).await;
    assert_eq!(*key.private.expose(), json!({ "d": "ES256" }).to_string());
    assert_eq!(key.expires_at, None);
}

#[tokio::test]
async fn an_expired_key_is_replaced_by_a_new_one() {
    let ended = ending(a_key("old", Algorithm::EdDsa), TimeDelta::zero());
    created(vec![ended], options()).await;
}

/// An older key that has not expired is not used, as in Better Auth: only the newest counts.
#[tokio::test]
async fn an_older_key_never_signs_again_after_a_newer_one() {
    let ended = ending(a_key("new", Algorithm::EdDsa), TimeDelta::zero());
    created(vec![ended, a_key("old", Algorithm::EdDsa)], options()).await;
}

/// Better Auth returns 500 for every session check then.
#[tokio::test]
async fn a_key_that_cannot_be_decrypted_is_replaced_by_a_new_one() {
    let key = |public: &str, private: Secret<String>| StoredKey {
        public: public.to_owned(),
        private,
        ..a_key("K", Algorithm::EdDsa)
    };
    let good = json!({ "kty": "EdDSA" }).to_string();
    for unusable in [
        key(&good, sealed_by("another secret", Algorithm::EdDsa)),
        key(&good, sealed_by("Message", Algorithm::EdDsa)),
        key(&good, sealed_by("SigningKey", Algorithm::Es256)),
        key(&good, Secret::new("no json".to_owned())),
        key("no json", sealed_by("SigningKey", Algorithm::EdDsa)),
        key("{}", sealed_by("SigningKey", Algorithm::EdDsa)),
    ] {
        created(vec![unusable], options()).await;
    }
}

#[tokio::test]
async fn a_new_key_is_cached_like_any_other() {
    let (unit, _made) = making(Vec::new());
    let reads = vec![listing(Vec::new()), listing(Vec::new())];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let jwt = Jwt::new(&fake.ports, options());
    let first = signed_by(&jwt).await;
    fake.clock.advance(TimeDelta::seconds(29));
    assert_eq!(signed_by(&jwt).await, first);
}

#[tokio::test]
async fn a_replica_that_loses_the_race_signs_with_the_winners_key_and_stores_none() {
    let winners = vec![a_key("winner", Algorithm::Es256)];
    let fake = FakePorts::with_store(FakeStore::new(
        vec![listing(Vec::new()), listing(Vec::new())],
        vec![looking_again(winners)],
    ));
    let jwt = Jwt::new(&fake.ports, options());
    assert_eq!(signed_by(&jwt).await, "ES256.winner");
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_key_that_cannot_be_stored_signs_nothing() {
    let mut failing = looking_again(Vec::new());
    failing
        .jwks
        .expect_insert()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let key = vec![a_key("K", Algorithm::EdDsa)];
    let reads = vec![listing(Vec::new()), listing(Vec::new()), listing(key)];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![failing]));
    let jwt = Jwt::new(&fake.ports, options());
    assert!(token(&jwt).await.unwrap_err().is_unavailable());
    assert!(!fake.store.has_committed());
    assert_eq!(signed_by(&jwt).await, "EdDSA.K");
}

/// A key id and a time.
type Dated = (KeyId, DateTime<Utc>);

/// A unit of work that finds these keys, stores a new one, and then expires all others with this outcome; and a
/// receiver of the new key's id with its creation time, and of the kept key's id with the expiry of the others.
fn rotation(keys: Vec<StoredKey>, outcome: Result<(), Failure>) -> (FakeUnitOfWork, Receiver<Dated>) {
    let mut order = mockall::Sequence::new();
    let (sender, receiver) = mpsc::channel();
    let inserted = sender.clone();
    let mut unit = FakeUnitOfWork::default();
    unit.jwks
        .expect_lock()
        .once()
        .in_sequence(&mut order)
        .return_once(|| Ok(()));
    unit.jwks
        .expect_list()
        .once()
        .in_sequence(&mut order)
        .return_once(move || Ok(keys));
    unit.jwks
        .expect_insert()
        .once()
        .in_sequence(&mut order)
        .return_once(move |key| {
            let dated = (key.id.clone(), key.created_at);
            inserted.send(dated).map_err(Failure::new)
        });
    unit.jwks
        .expect_end_others()
        .once()
        .in_sequence(&mut order)
        .return_once(move |keep, end| {
            let [kept] = keep else {
                panic!("one key is kept: {keep:?}")
            };
            sender.send((kept.clone(), end)).map_err(Failure::new)?;
            outcome
        });
    (unit, receiver)
}

async fn rotated(jwt: &Jwt, rotation: Rotation) -> KeyId {
    let keys = jwt.rotate(rotation).await.unwrap();
    let [(Algorithm::EdDsa, id)] = &*keys else {
        panic!("one algorithm is in use: {keys:?}")
    };
    id.clone()
}

#[tokio::test]
async fn rotation_creates_a_key_and_expires_every_other_in_one_unit_of_work() {
    let (unit, created) = rotation(Vec::new(), Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let id = rotated(&Jwt::new(&fake.ports, options()), Rotation::AtOnce).await;
    let dated = (id, start());
    assert_eq!(created.try_iter().collect::<Vec<_>>(), [dated.clone(), dated]);
    assert!(fake.store.has_committed());
}

/// A replica that waited for the lock created its key before the replica that held the lock.
#[tokio::test]
async fn a_key_that_replaces_another_is_dated_after_it() {
    let newest = StoredKey {
        created_at: start() + TimeDelta::seconds(7),
        ..a_key("newest", Algorithm::EdDsa)
    };
    let after = newest.created_at + TimeDelta::milliseconds(1);

    let (unit, created) = rotation(vec![newest.clone()], Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let id = rotated(&Jwt::new(&fake.ports, options()), Rotation::AtOnce).await;
    assert_eq!(
        created.try_iter().collect::<Vec<_>>(),
        [(id.clone(), after), (id, after)]
    );

    let key = self::created(vec![ending(newest, TimeDelta::zero())], options()).await;
    assert_eq!(
        (key.created_at, key.expires_at),
        (after, Some(after + TimeDelta::days(30)))
    );
}

#[tokio::test]
async fn a_failed_rotation_commits_nothing() {
    let (unit, _made) = rotation(Vec::new(), Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    assert!(
        Jwt::new(&fake.ports, options())
            .rotate(Rotation::AtOnce)
            .await
            .is_err()
    );
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn after_an_announced_rotation_older_keys_sign_until_verifiers_can_know_the_new_key() {
    let (unit, created) = rotation(vec![a_key("old", Algorithm::EdDsa)], Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let jwt = Jwt::new(&fake.ports, options());
    let id = rotated(&jwt, Rotation::Announced).await;
    let end = start() + TimeDelta::minutes(6);
    assert_eq!(
        created.try_iter().collect::<Vec<_>>(),
        [(id.clone(), start()), (id, end)]
    );
}

#[tokio::test]
async fn a_refresh_in_time_creates_the_next_key_which_signs_after_the_previous_key_expires() {
    let old = || ending(a_key("old", Algorithm::EdDsa), TimeDelta::minutes(6));
    let (unit, created) = making(vec![old()]);
    let reads = (0..2).map(|_| listing(vec![old()])).collect();
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let jwt = Jwt::new(&fake.ports, options());
    jwt.refresh().await.unwrap();
    let next = created.recv().unwrap();
    assert!(fake.store.has_committed());
    assert_eq!(next.created_at, start());
    let end = start() + TimeDelta::minutes(6) + TimeDelta::days(30);
    assert_eq!(next.expires_at, Some(end), "it signs for a full interval");
    assert_eq!(signed_by(&jwt).await, "EdDSA.old");
}

#[tokio::test]
async fn a_refresh_creates_a_first_key_that_takes_long_but_no_key_that_is_not_due() {
    let (unit, created) = making(Vec::new());
    let reads = vec![listing(Vec::new()), listing(Vec::new())];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let jwt = Jwt::new(&fake.ports, of_rsa());
    jwt.refresh().await.unwrap();
    let key = created.recv().unwrap();
    assert_eq!(signed_by(&jwt).await, format!("RS256.{}", key.id));

    let fake = FakePorts::with_store(FakeStore::new(vec![listing(Vec::new())], Vec::new()));
    Jwt::new(&fake.ports, options()).refresh().await.unwrap();

    let long = ending(a_key("long", Algorithm::EdDsa), TimeDelta::minutes(7));
    let fake = FakePorts::with_store(FakeStore::new(vec![listing(vec![long])], Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    jwt.refresh().await.unwrap();
    assert_eq!(signed_by(&jwt).await, "EdDSA.long");
}

fn of_rsa() -> JwtOptions {
    JwtOptions {
        algorithm: Algorithm::Rs256,
        ..options()
    }
}

/// Creates keys as [`PlainTokenSigner`] does, but only after a notification.
struct Slow(Arc<tokio::sync::Notify>);

#[async_trait::async_trait]
impl TokenSigner for Slow {
    async fn generate(&self, algorithm: Algorithm, length: u32) -> Result<KeyPair, Failure> {
        self.0.notified().await;
        PlainTokenSigner.generate(algorithm, length).await
    }

    fn algorithm(&self, public: &str, rsa: Algorithm) -> Option<Algorithm> {
        PlainTokenSigner.algorithm(public, rsa)
    }

    fn open(&self, algorithm: Algorithm, private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure> {
        PlainTokenSigner.open(algorithm, private)
    }
}

/// Creating an RSA key may take longer than the request timeout: if each request started over, none would ever get a
/// key.
#[tokio::test]
async fn a_key_that_takes_long_is_created_once_even_if_waiting_requests_give_up() {
    let (unit, created) = making(Vec::new());
    let reads = (0..4).map(|_| listing(Vec::new())).collect();
    let mut fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let is_created = Arc::new(tokio::sync::Notify::new());
    fake.ports.token_signer = Arc::new(Slow(Arc::clone(&is_created)));
    let jwt = Jwt::new(&fake.ports, of_rsa());
    let mut making = std::pin::pin!(jwt.refresh());
    assert!((&mut making).now_or_never().is_none());
    for _ in 0..2 {
        assert!(
            token(&jwt).now_or_never().is_none(),
            "the request waits, and its client gives up"
        );
    }
    is_created.notify_one();
    making.await.unwrap();
    let key = created.recv().unwrap();
    assert_eq!(signed_by(&jwt).await, format!("RS256.{}", key.id));
}

mod algorithms;
mod audiences;
mod claims;
mod inspection;
mod key_set;
mod keys;
mod making;
mod token_issuer;

use std::sync::mpsc::{self, Receiver};

use chrono::TimeDelta;
use portcullis_domain::{jwt::StoredKey, secret::Secret};
use serde_json::json;

use super::*;
use crate::{
    housekeeping::{DeletedRows, Housekeeping},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_user, start},
    },
};

fn options() -> JwtOptions {
    JwtOptions {
        algorithm: Algorithm::EdDsa,
        modulus_length: 2048,
        rotation: RotationPolicy {
            interval: Some(TimeDelta::days(30)),
            grace: TimeDelta::days(7),
        },
        encrypts_private_keys: true,
        re_encrypts: true,
        ended_keys: EndedKeys::Deleted,
        claims: ClaimOptions {
            payload: None,
            subject: Subject::Id,
            issuer: "https://auth.example.com".to_owned(),
            audience: vec!["https://auth.example.com".to_owned()],
            expires_in: TimeDelta::minutes(15),
        },
        audiences: Vec::new(),
        sets_header: true,
    }
}

/// A stored private key: encrypted for the purpose `SigningKey`, or with another prefix.
fn sealed_by(seal: &str, algorithm: Algorithm) -> Secret<String> {
    let private = json!({ "d": algorithm.name() });
    Secret::new(Value::String(format!("{seal}:{private}")).to_string())
}

/// A key that was created a day before the start.
fn a_key(id: &str, algorithm: Algorithm) -> StoredKey {
    StoredKey {
        id: KeyId::new(id),
        public: json!({ "kty": algorithm.name() }).to_string(),
        private: sealed_by("SigningKey", algorithm),
        created_at: start() - TimeDelta::days(1),
        expires_at: None,
    }
}

#[tokio::test]
async fn housekeeping_deletes_keys_after_their_grace_period_unless_another_server_publishes_them() {
    let mut read = FakeUnitOfWork::default();
    read.jwks
        .expect_delete_ended()
        .withf(|before, _| *before == start() - TimeDelta::days(7))
        .once()
        .returning(|_, _| Ok(2));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
    let deletions = options().deletion().into_iter().collect();
    let swept = Housekeeping::new(&fake.ports, deletions).sweep().await.unwrap();
    assert_eq!(
        swept,
        [DeletedRows {
            rows: "keys",
            number: 2
        }]
    );

    let shared = JwtOptions {
        ended_keys: EndedKeys::Kept,
        ..options()
    };
    assert!(shared.deletion().is_none());
}

fn ending(key: StoredKey, after: TimeDelta) -> StoredKey {
    StoredKey {
        expires_at: Some(start() + after),
        ..key
    }
}

/// A read that lists these keys once.
fn listing(keys: Vec<StoredKey>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.jwks.expect_list().once().return_once(|| Ok(keys));
    unit
}

/// A unit of work that takes the lock for the creation of keys, and then finds these keys.
fn looking_again(keys: Vec<StoredKey>) -> FakeUnitOfWork {
    let mut order = mockall::Sequence::new();
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
        .return_once(|| Ok(keys));
    unit
}

/// The same, with a new key that is stored and sent to the receiver.
fn making(keys: Vec<StoredKey>) -> (FakeUnitOfWork, Receiver<StoredKey>) {
    let mut unit = looking_again(keys);
    let (sender, receiver) = mpsc::channel();
    unit.jwks
        .expect_insert()
        .once()
        .return_once(move |key| sender.send(key.clone()).map_err(Failure::new));
    (unit, receiver)
}

/// Returns a token without fields of the user except the subject.
async fn token(jwt: &Jwt) -> Result<String, Failure> {
    jwt.token(&a_user(), Map::new()).await
}

/// Returns the algorithm and the id of the key that signed.
async fn signed_by(jwt: &Jwt) -> String {
    let token = token(jwt).await.unwrap();
    let (signature, _claims) = token.split_once(".{").unwrap();
    signature.to_owned()
}

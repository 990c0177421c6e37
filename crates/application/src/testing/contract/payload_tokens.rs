//! One-time tokens with a payload.

use chrono::TimeDelta;
use portcullis_domain::{
    id::VerificationId,
    payload_token::{Payload, PayloadPurpose, PayloadToken, TokenForm},
    secret::Secret,
    token::OneTimeToken,
};

use crate::{ports::Store, testing::fixtures::start};

/// Returns a token of this purpose. The id is any unused one.
fn a_token(id: &str, purpose: PayloadPurpose, secret: &str, payload: &str) -> PayloadToken {
    PayloadToken {
        id: VerificationId::new(id),
        purpose,
        secret: OneTimeToken::new(secret),
        form: TokenForm::Plain,
        payload: Secret::new(payload.to_owned()),
        expires_at: start() + TimeDelta::minutes(5),
        created_at: start(),
    }
}

async fn insert(store: &dyn Store, token: &PayloadToken) {
    store.autocommit().payload_tokens().insert(token).await.unwrap();
}

async fn find(store: &dyn Store, purpose: PayloadPurpose, secret: &str) -> Option<Payload> {
    let secret = OneTimeToken::new(secret);
    let mut db = store.autocommit();
    db.payload_tokens().find(purpose, &secret).await.unwrap()
}

async fn consume(store: &dyn Store, purpose: PayloadPurpose, secret: &str, payload: &Payload) -> bool {
    let secret = OneTimeToken::new(secret);
    let mut db = store.autocommit();
    db.payload_tokens()
        .consume(purpose, &secret, payload)
        .await
        .unwrap()
}

/// A payload token is found by its purpose and its value, and consumed once.
pub async fn payload_tokens_are_consumed_once(store: &dyn Store) {
    let purposes = PayloadPurpose::ALL;
    for (index, purpose) in purposes.into_iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-00000000000{index}");
        insert(store, &a_token(&id, purpose, "abc", purpose.name())).await;
    }
    for purpose in purposes {
        assert!(find(store, purpose, "abcd").await.is_none());
        let payload = find(store, purpose, "abc").await.unwrap();
        assert_eq!(payload.text.expose(), purpose.name());
        assert_eq!(payload.expires_at, start() + TimeDelta::minutes(5));
        let other = Payload {
            text: Secret::new("other".to_owned()),
            ..payload.clone()
        };
        assert!(!consume(store, purpose, "abc", &other).await);
        assert!(consume(store, purpose, "abc", &payload).await);
        assert!(!consume(store, purpose, "abc", &payload).await);
        assert!(find(store, purpose, "abc").await.is_none());
    }
}

/// Expired payload tokens are deleted with the other one-time tokens.
pub async fn expired_payload_tokens_are_deleted_with_the_one_time_tokens(store: &dyn Store) {
    let id = "00000000-0000-4000-8000-000000000009";
    insert(store, &a_token(id, PayloadPurpose::MagicLink, "abc", "{}")).await;
    for (minutes, deleted) in [(5, 0), (6, 1), (6, 0)] {
        let before = start() + TimeDelta::minutes(minutes);
        let mut db = store.autocommit();
        let count = db.verifications().delete_expired(before, 10).await;
        assert_eq!(count.unwrap(), deleted, "{minutes} minutes");
    }
}

//! States of authorization requests.

use portcullis_domain::{
    id::VerificationId,
    secret::Secret,
    social::{AuthorizationState, LinkTarget},
    token::OneTimeToken,
    verification::Purpose,
};
use serde_json::{Map, json};

use super::after;
use crate::{
    ports::Store,
    testing::fixtures::{a_session, a_user, start},
};

const VALUE: &str = "abcdefghijklmnopqrstuvwxyz-_0189";

fn state() -> AuthorizationState {
    AuthorizationState {
        callback_url: "/done".to_owned(),
        code_verifier: Secret::new("verifier".to_owned()),
        error_url: Some("/error".to_owned()),
        new_user_url: None,
        link: Some(LinkTarget {
            user_id: a_user().id,
            email: a_user().email,
            session: Some(a_session().id),
        }),
        expires_at: after(600),
        request_sign_up: Some(true),
        provider: Some("github".to_owned()),
        value: None,
        additional: Map::from_iter([("plan".to_owned(), json!("pro \0 \u{1f511}"))]),
    }
}

fn value(text: &str) -> OneTimeToken {
    OneTimeToken::new(text)
}

async fn insert(store: &dyn Store, text: &str, state: &AuthorizationState) {
    let mut db = store.autocommit();
    let (id, value) = (VerificationId::new(format!("id of {}", text.len())), value(text));
    let inserted = db.authorization_states().insert(&id, &value, state, start());
    inserted.await.unwrap();
}

/// [`AuthorizationStateRepository`](crate::ports::AuthorizationStateRepository)
pub async fn authorization_states_are_consumed_once(store: &dyn Store) {
    let mut db = store.autocommit();
    insert(store, VALUE, &state()).await;
    let expected = state().to_json();
    for other in ["", "\0", "abcdefghijklmnopqrstuvwxyz-_0188"] {
        assert!(
            db.authorization_states()
                .find(&value(other))
                .await
                .unwrap()
                .is_none()
        );
        let consumed = db.authorization_states().consume(&value(other)).await;
        assert!(consumed.unwrap().is_none(), "{other}");
    }
    for _again in 0..2 {
        let found = db
            .authorization_states()
            .find(&value(VALUE))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.to_json().expose(), expected.expose());
    }
    let mut unit = store.begin();
    let undone = unit.authorization_states().consume(&value(VALUE)).await;
    assert!(undone.unwrap().is_some());
    drop(unit);
    let consumed = db.authorization_states().consume(&value(VALUE)).await;
    assert_eq!(consumed.unwrap().unwrap().to_json().expose(), expected.expose());
    assert!(
        db.authorization_states()
            .consume(&value(VALUE))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        db.authorization_states()
            .find(&value(VALUE))
            .await
            .unwrap()
            .is_none()
    );
}

/// GHSA-965c-763c-88jm: Better Auth accepts the state of an authorization request as a one-time token.
pub async fn authorization_states_are_no_one_time_tokens(store: &dyn Store) {
    let mut db = store.autocommit();
    insert(store, VALUE, &state()).await;
    let is_other = |purpose: &Purpose| *purpose != Purpose::AuthorizationState;
    for purpose in Purpose::ALL.into_iter().filter(is_other) {
        let secret = value(&format!("{}{VALUE}", purpose.token_prefix()));
        for secret in [value(VALUE), secret] {
            assert_eq!(db.verifications().find(purpose, &secret).await.unwrap(), None);
            assert_eq!(db.verifications().consume(purpose, &secret).await.unwrap(), None);
        }
    }
    assert!(
        db.authorization_states()
            .find(&value(VALUE))
            .await
            .unwrap()
            .is_some()
    );
}

/// [`VerificationRepository::delete_expired`](crate::ports::VerificationRepository::delete_expired)
pub async fn expired_authorization_states_are_deleted_with_the_one_time_tokens(store: &dyn Store) {
    let mut db = store.autocommit();
    for (text, end) in [("a", 1), ("bb", 2), (VALUE, 3)] {
        let state = AuthorizationState {
            expires_at: after(end),
            ..state()
        };
        insert(store, text, &state).await;
    }
    for (limit, deleted) in [(1, 1), (9, 1), (9, 0)] {
        let count = db.verifications().delete_expired(after(3), limit).await;
        assert_eq!(count.unwrap(), deleted);
    }
    assert!(
        db.authorization_states()
            .find(&value("bb"))
            .await
            .unwrap()
            .is_none()
    );
    let left = db
        .authorization_states()
        .find(&value(VALUE))
        .await
        .unwrap()
        .unwrap();
    assert!(left.is_live(after(3)) && !left.is_live(after(4)));
}

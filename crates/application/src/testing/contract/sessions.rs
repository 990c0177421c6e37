//! Sessions.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{id::SessionId, session::Session, token::SessionToken};

use super::{after, insert_user};
use crate::{
    ports::{Store, UniqueKey, WriteError},
    testing::fixtures::{a_session, a_user, another_user, start},
};

/// [`SessionRepository`](crate::ports::SessionRepository)
pub async fn sessions_are_listed_from_the_newest(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    for token in ["1", "2", "3", "4"] {
        let session = session(token, token.parse().unwrap());
        db.sessions().insert(&session).await.unwrap();
    }
    let double = Session {
        id: SessionId::new("another id"),
        ..session("1", 0)
    };
    let taken = db.sessions().insert(&double).await;
    assert!(matches!(taken, Err(WriteError::Taken(UniqueKey::SessionToken))));
    assert_eq!(tokens(store, start(), 3).await, ["4", "3", "2"]);
    let end = a_session().expires_at;
    assert!(tokens(store, end, 3).await.is_empty());

    let renewed = Session {
        expires_at: end + TimeDelta::days(1),
        updated_at: after(9),
        ..session("1", 1)
    };
    assert!(db.sessions().renew(&renewed).await.unwrap());
    assert!(!db.sessions().renew(&session("none", 0)).await.unwrap());
    let (stored, user) = db
        .sessions()
        .find_by_token(&renewed.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (stored.expires_at, stored.updated_at),
        (renewed.expires_at, after(9))
    );
    assert_eq!(user, a_user());
}

/// [`SessionRepository::find_by_id`](crate::ports::SessionRepository::find_by_id)
pub async fn sessions_are_found_by_their_ids(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let mut db = store.autocommit();
    let of_bob = Session {
        user_id: another_user().id,
        ..session("bob", 0)
    };
    for session in [&session("1", 1), &of_bob] {
        db.sessions().insert(session).await.unwrap();
    }
    let (found, user) = db.sessions().find_by_id(&of_bob.id).await.unwrap().unwrap();
    assert_eq!((found.token.expose().as_str(), user), ("bob", another_user()));
    for id in ["", "1", "bob", "id-of-none", "id-of-\0"] {
        let found = db.sessions().find_by_id(&SessionId::new(id)).await;
        assert!(found.unwrap().is_none(), "{id:?}");
    }
    db.sessions().delete(&of_bob.token).await.unwrap();
    assert!(db.sessions().find_by_id(&of_bob.id).await.unwrap().is_none());
}

/// Revocation and expiry in [`SessionRepository`](crate::ports::SessionRepository)
pub async fn sessions_are_revoked(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let mut db = store.autocommit();
    let late = Session {
        expires_at: a_session().expires_at + TimeDelta::days(1),
        ..session("1", 1)
    };
    for session in [&late, &session("2", 2), &session("3", 3), &session("4", 4)] {
        db.sessions().insert(session).await.unwrap();
    }
    let of_bob = Session {
        user_id: another_user().id,
        ..session("bob", 0)
    };
    db.sessions().insert(&of_bob).await.unwrap();

    let (ada, bob) = (a_user().id, another_user().id);
    assert!(!db.sessions().delete_of_user(&ada, &of_bob.token).await.unwrap());
    assert!(db.sessions().delete_of_user(&bob, &of_bob.token).await.unwrap());
    db.sessions().delete(&SessionToken::new("2")).await.unwrap();
    db.sessions()
        .delete_all(&["3", "none"].map(SessionToken::new))
        .await
        .unwrap();
    assert_eq!(tokens(store, start(), 9).await, ["4", "1"]);
    let end = a_session().expires_at;
    assert_eq!(db.sessions().delete_expired(end, 9).await.unwrap(), 0);
    let expired = db.sessions().delete_expired(end + TimeDelta::seconds(1), 9).await;
    assert_eq!(expired.unwrap(), 1);
    db.sessions().insert(&session("5", 5)).await.unwrap();
    db.sessions()
        .delete_others_of_user(&ada, &late.token)
        .await
        .unwrap();
    assert_eq!(tokens(store, start(), 9).await, ["1"]);
    db.sessions().delete_by_user(&ada).await.unwrap();
    assert!(tokens(store, start(), 9).await.is_empty());
}

/// [`SessionRepository::delete_oldest`](crate::ports::SessionRepository::delete_oldest)
pub async fn sessions_beyond_the_limit_are_deleted_from_the_oldest(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    for token in ["1", "2", "3", "4", "5"] {
        let session = session(token, token.parse().unwrap());
        db.sessions().insert(&session).await.unwrap();
    }
    let new = session("5", 5);
    db.sessions().delete_oldest(&new, 2, 1).await.unwrap();
    assert_eq!(tokens(store, start(), 9).await, ["5", "4", "3", "2"]);
    db.sessions().delete_oldest(&new, 0, 100).await.unwrap();
    assert_eq!(tokens(store, start(), 9).await, ["5"]);
    db.sessions().delete_oldest(&new, 0, 100).await.unwrap();
    assert_eq!(tokens(store, start(), 9).await, ["5"]);
}

/// Returns a session of the user that begins this many seconds after the start.
fn session(token: &str, seconds: i64) -> Session {
    Session {
        id: SessionId::new(format!("id-of-{token}")),
        token: SessionToken::new(token),
        created_at: after(seconds),
        ..a_session()
    }
}

async fn tokens(store: &dyn Store, now: DateTime<Utc>, limit: u32) -> Vec<String> {
    let mut db = store.autocommit();
    let sessions = db.sessions().list_by_user(&a_user().id, now, limit).await;
    let tokens = sessions.unwrap().into_iter();
    tokens.map(|session| session.token.expose().clone()).collect()
}

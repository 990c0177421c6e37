//! The session repository.

use std::sync::Arc;

use portcullis_application::{
    ports::{Store, UniqueKey, WriteError},
    statistics::Statistics,
};
use portcullis_domain::{id::SessionId, session::Session, token::SessionToken};

use crate::fixture::{Fixture, session, time, user};

#[tokio::test]
async fn a_session_is_found_with_its_user_in_one_statement() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let stored = session("token", &jane);
    world.store.autocommit().sessions().insert(&stored).await.unwrap();

    let statistics = Arc::new(Statistics::default());
    let mut read = world.store.autocommit();
    let lookup = read.sessions().find_by_token(&stored.token);
    let (found, owner) = Arc::clone(&statistics).scope(lookup).await.unwrap().unwrap();

    assert_eq!(statistics.statements(), 1);
    assert_eq!(owner, jane);
    assert_eq!(found.id, stored.id);
    assert_eq!(found.token.expose(), "token");
    assert_eq!(found.user_id, jane.id);
    assert_eq!(found.expires_at, time(10));
    assert_eq!((found.created_at, found.updated_at), (time(2), time(3)));
    assert_eq!(
        (found.ip_address.as_deref(), found.user_agent),
        (Some("::1"), None)
    );
}

#[tokio::test]
async fn an_unknown_token_has_no_session() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    world
        .store
        .autocommit()
        .sessions()
        .insert(&session("token", &jane))
        .await
        .unwrap();
    for token in ["other", "", "token\0", "TOKEN", "' OR true --"] {
        let token = SessionToken::new(token);
        let mut read = world.store.autocommit();
        assert!(read.sessions().find_by_token(&token).await.unwrap().is_none());
        read.sessions().delete(&token).await.unwrap();
        let unknown = Session {
            token,
            ..session("token", &jane)
        };
        assert!(!read.sessions().renew(&unknown).await.unwrap());
    }
    let token = SessionToken::new("token");
    assert!(
        world
            .store
            .autocommit()
            .sessions()
            .find_by_token(&token)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_taken_session_token_is_reported() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    world
        .store
        .autocommit()
        .sessions()
        .insert(&session("token", &jane))
        .await
        .unwrap();
    let rival = Session {
        id: SessionId::new("rival"),
        ..session("token", &jane)
    };
    let error = world
        .store
        .autocommit()
        .sessions()
        .insert(&rival)
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::SessionToken)));
}

#[tokio::test]
async fn a_session_without_a_user_is_not_stored() {
    let world = Fixture::new();
    let error = world
        .store
        .autocommit()
        .sessions()
        .insert(&session("token", &user("jane")))
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
}

#[tokio::test]
async fn a_renewal_changes_only_the_expiry_and_the_update_time() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let stored = session("token", &jane);
    let mut read = world.store.autocommit();
    read.sessions().insert(&stored).await.unwrap();
    read.sessions().insert(&session("other", &jane)).await.unwrap();

    let renewed = Session {
        expires_at: time(1000),
        updated_at: time(500),
        ip_address: Some("not stored".to_owned()),
        ..stored
    };
    assert!(read.sessions().renew(&renewed).await.unwrap());

    let (found, _) = read
        .sessions()
        .find_by_token(&renewed.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.expires_at, found.updated_at), (time(1000), time(500)));
    assert_eq!(found.ip_address.as_deref(), Some("::1"));
    let other = SessionToken::new("other");
    let (other, _) = read.sessions().find_by_token(&other).await.unwrap().unwrap();
    assert_eq!(other.expires_at, time(10));
}

#[tokio::test]
async fn only_the_given_session_is_deleted() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    let gone = session("gone", &jane);
    let kept = session("kept", &jane);
    read.sessions().insert(&gone).await.unwrap();
    read.sessions().insert(&kept).await.unwrap();

    read.sessions().delete(&gone.token).await.unwrap();
    read.sessions().delete(&gone.token).await.unwrap();

    assert!(
        read.sessions()
            .find_by_token(&gone.token)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        read.sessions()
            .find_by_token(&kept.token)
            .await
            .unwrap()
            .is_some()
    );
    assert!(!read.sessions().renew(&gone).await.unwrap());
}

#[tokio::test]
async fn an_expired_session_that_another_transaction_is_renewing_is_skipped() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    let (busy, idle) = (session("busy", &jane), session("idle", &jane));
    read.sessions().insert(&busy).await.unwrap();
    read.sessions().insert(&idle).await.unwrap();
    let mut unit = world.store.begin();
    assert!(unit.sessions().renew(&busy).await.unwrap());

    assert_eq!(read.sessions().delete_expired(time(100), 10).await.unwrap(), 1);
    unit.commit().await.unwrap();
    assert_eq!(read.sessions().delete_expired(time(100), 10).await.unwrap(), 1);
}

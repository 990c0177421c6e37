//! The repository of keys that sign JWTs.

use std::pin::pin;

use chrono::{DateTime, Utc};
use portcullis_application::ports::Store;
use portcullis_domain::{id::KeyId, jwt::StoredKey, secret::Secret};

use crate::fixture::{Fixture, time};

fn key(id: &str, created_at: i64, expires_at: Option<i64>) -> StoredKey {
    StoredKey {
        id: KeyId::new(id),
        public: format!("{{\"public\":\"{id}\"}}"),
        private: Secret::new(format!("private {id}")),
        created_at: time(created_at),
        expires_at: expires_at.map(time),
    }
}

async fn insert(world: &Fixture, keys: &[StoredKey]) {
    for key in keys {
        world.store.autocommit().jwks().insert(key).await.unwrap();
    }
}

async fn ends(world: &Fixture) -> Vec<(String, Option<DateTime<Utc>>)> {
    let keys = world.store.autocommit().jwks().list().await.unwrap();
    keys.iter()
        .map(|key| (key.id.as_str().to_owned(), key.expires_at))
        .collect()
}

#[tokio::test]
async fn keys_are_listed_as_they_were_stored_newest_first() {
    let world = Fixture::new();
    insert(
        &world,
        &[
            key("old", 0, Some(9)),
            key("new", 2, None),
            key("middle", 1, None),
        ],
    )
    .await;
    let keys = world.store.autocommit().jwks().list().await.unwrap();
    let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["new", "middle", "old"]);
    let old = &keys[2];
    assert_eq!(old.public, r#"{"public":"old"}"#);
    assert_eq!(old.private.expose(), "private old");
    assert_eq!((old.created_at, old.expires_at), (time(0), Some(time(9))));
}

#[tokio::test]
async fn all_keys_but_the_kept_ones_get_the_end_unless_they_end_earlier() {
    let world = Fixture::new();
    let keys = [
        key("keep", 4, None),
        key("also", 3, None),
        key("open", 2, None),
        key("later", 1, Some(60)),
        key("over", 0, Some(5)),
    ];
    insert(&world, &keys).await;
    world
        .store
        .autocommit()
        .jwks()
        .end_others(&[KeyId::new("keep"), KeyId::new("also")], time(10))
        .await
        .unwrap();
    let expected = [
        ("keep", None),
        ("also", None),
        ("open", Some(time(10))),
        ("later", Some(time(10))),
        ("over", Some(time(5))),
    ];
    assert_eq!(ends(&world).await, expected.map(|(id, end)| (id.to_owned(), end)));
}

#[tokio::test]
async fn a_private_key_is_replaced_only_if_it_is_the_expected_one() {
    let world = Fixture::new();
    insert(&world, &[key("one", 1, None), key("two", 0, None)]).await;
    let (one, new) = (KeyId::new("one"), Secret::new("new".to_owned()));
    let replace = async |from: &str| {
        let mut read = world.store.autocommit();
        read.jwks()
            .replace_private(&one, &Secret::new(from.to_owned()), &new)
            .await
            .unwrap()
    };
    assert!(!replace("private two").await);
    assert!(!replace("\0").await);
    assert!(replace("private one").await);
    assert!(!replace("private one").await);
    let keys = world.store.autocommit().jwks().list().await.unwrap();
    assert_eq!(keys[0].private.expose(), "new");
    assert_eq!(keys[1].private.expose(), "private two");
}

#[tokio::test]
async fn a_replica_waits_while_another_creates_a_key_and_then_sees_it() {
    let world = Fixture::new();
    let other = world.another_store();
    let mut first = world.store.begin();
    first.jwks().lock().await.unwrap();
    assert!(first.jwks().list().await.unwrap().is_empty());
    let mut second = pin!(async {
        let mut unit = other.begin();
        unit.jwks().lock().await.unwrap();
        unit.jwks().list().await.unwrap().len()
    });
    tokio::select! {
        _ = &mut second => panic!("the second unit did not wait for the lock"),
        () = world.wait_until_blocked() => {}
    }
    first.jwks().insert(&key("first", 0, None)).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await, 1);
}

#[tokio::test]
async fn only_expired_keys_are_deleted_in_batches() {
    let world = Fixture::new();
    let keys = [
        key("a", 0, Some(1)),
        key("b", 0, Some(2)),
        key("c", 0, Some(3)),
        key("open", 0, None),
    ];
    insert(&world, &keys).await;
    let mut read = world.store.autocommit();
    for deleted in [1, 1, 0] {
        assert_eq!(read.jwks().delete_ended(time(3), 1).await.unwrap(), deleted);
    }
    let left: Vec<_> = ends(&world).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, ["open", "c"]);
}

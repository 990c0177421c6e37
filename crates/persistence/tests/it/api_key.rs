//! The repository of API keys. What every store must do is in the contract.

use chrono::{DateTime, Utc};
use portcullis_application::ports::Store;
use portcullis_domain::{
    additional::FieldSchema,
    api_key::{ApiKey, ApiKeyId, KeyUsage},
    secret::Secret,
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};
use serde_json::json;

use crate::{
    fixture::{Fixture, time, user, winners},
    migrations::assert_table_of_better_auth,
};

portcullis_application::api_key_contract!(world in empty() => &world.store);

const ROUNDS: i32 = 10;

#[test]
fn the_table_of_api_keys_is_that_of_better_auth() {
    assert_table_of_better_auth("apikey", include_str!("../fixtures/better_auth_api_key.sql"));
}

/// A database with the table of API keys.
fn empty() -> Fixture {
    Fixture::with_options(StoreOptions {
        fields: DeclaredFields {
            tables: [("apikey", FieldSchema::default())].into(),
            ..DeclaredFields::default()
        },
        ..StoreOptions::default()
    })
}

/// A database with Jane, who has the key `a` with these further columns.
async fn world(columns: &str, values: &str) -> Fixture {
    let world = empty();
    world
        .store
        .autocommit()
        .users()
        .insert(&user("jane"))
        .await
        .unwrap();
    world.execute(&format!(
        r#"INSERT INTO "apikey" ("id", "key", "userId", "createdAt", "updatedAt"{columns})
           VALUES ('a', 'digest', 'jane', now(), now(){values})"#
    ));
    world
}

async fn read(store: &PgStore) -> ApiKey {
    let mut db = store.autocommit();
    let digest = Secret::new("digest".to_owned());
    let found = db.api_keys().find_by_digest(&digest).await.unwrap();
    found.unwrap().0
}

fn used(key: &ApiKey, now: DateTime<Utc>) -> KeyUsage {
    KeyUsage {
        remaining: key.usage.remaining.map(|remaining| remaining - 1),
        last_request: Some(now),
        ..key.usage
    }
}

#[tokio::test]
async fn a_row_of_which_most_columns_are_null_is_read_and_spent() {
    let world = world("", "").await;
    let key = read(&world.store).await;
    assert_eq!(
        (key.is_enabled, key.usage, key.expires_at),
        (None, KeyUsage::default(), None)
    );
    assert_eq!((key.permissions.as_ref(), &key.metadata), (None, &json!(null)));
    let mut db = world.store.autocommit();
    let usage = KeyUsage {
        request_count: Some(1),
        ..used(&key, time(5))
    };
    assert!(db.api_keys().spend(&key, usage, time(5)).await.unwrap());
    assert_eq!(read(&world.store).await.usage, usage);
}

/// Better Auth 1.3 stores metadata as JSON within a JSON text.
#[tokio::test]
async fn metadata_and_permissions_are_read_as_better_auth_stores_them() {
    let values = r#", '"{\"a\":1}"', '{"file":["read"]}'"#;
    let world = world(r#", "metadata", "permissions""#, values).await;
    let key = read(&world.store).await;
    assert_eq!(key.metadata, json!({ "a": 1 }));
    let permissions = key.permissions.as_ref().map(ApiKey::permissions_as_json);
    assert_eq!(permissions, Some(json!({ "file": ["read"] })));
}

#[tokio::test]
async fn a_text_that_contains_nul_is_no_key() {
    let world = world("", "").await;
    let mut db = world.store.autocommit();
    let digest = Secret::new("digest\0".to_owned());
    assert!(db.api_keys().find_by_digest(&digest).await.unwrap().is_none());
    let id = ApiKeyId::new("a\0");
    assert!(db.api_keys().find(&id).await.unwrap().is_none());
    assert!(!db.api_keys().delete(&id, &user("jane").id).await.unwrap());
}

#[tokio::test]
async fn of_many_concurrent_uses_that_read_the_same_row_one_succeeds() {
    let world = world(r#", "remaining""#, ", 100").await;
    let other = world.another_store();
    for round in 0..ROUNDS {
        let key = read(&world.store).await;
        assert_eq!(key.usage.remaining, Some(100 - round));
        let now = time(i64::from(round));
        let spend = |store: PgStore| {
            let key = key.clone();
            async move {
                let mut db = store.autocommit();
                db.api_keys().spend(&key, used(&key, now), now).await
            }
        };
        assert_eq!(winners(&world, &other, spend).await, 1);
    }
}

#[tokio::test]
async fn a_use_waits_for_a_locked_key() {
    let world = world(r#", "remaining""#, ", 1").await;
    let other = world.another_store();
    let lock_and_spend = |store: PgStore| async move {
        let mut unit = store.begin();
        let locked = unit.api_keys().lock(&ApiKeyId::new("a")).await?;
        let Some(key) = locked.filter(|key| key.usage.remaining == Some(1)) else {
            return Ok(false);
        };
        let is_spent = unit.api_keys().spend(&key, used(&key, time(1)), time(1)).await?;
        unit.commit().await?;
        Ok(is_spent)
    };
    assert_eq!(winners(&world, &other, lock_and_spend).await, 1);
    assert_eq!(read(&world.store).await.usage.remaining, Some(0));
}

//! The repository of users by user name.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis_application::ports::{Failure, Store, UniqueKey, WriteError};
use portcullis_domain::{
    additional::FieldSchema,
    user::{User, UserPatch},
    username,
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};
use serde_json::{Map, Value, json};

use crate::fixture::{Fixture, time, user, winners};

fn schema() -> FieldSchema {
    FieldSchema::new(username::user_fields())
}

fn world() -> Fixture {
    let fields = DeclaredFields {
        user: schema(),
        ..DeclaredFields::default()
    };
    Fixture::with_options(StoreOptions {
        fields,
        ..StoreOptions::default()
    })
}

fn members(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn named(id: &str, username: &str) -> User {
    let names = members(&json!({ "username": username, "displayUsername": format!("The {username}") }));
    User {
        additional: schema().create(&names).unwrap(),
        ..user(id)
    }
}

fn patch(username: &str) -> UserPatch {
    let names = members(&json!({ "username": username }));
    UserPatch {
        additional: schema().update(&names).unwrap(),
        ..UserPatch::default()
    }
}

async fn insert(store: &PgStore, user: &User) {
    store.autocommit().users().insert(user).await.unwrap();
}

async fn find(store: &PgStore, username: &str) -> Option<User> {
    store.autocommit().usernames().find_user(username).await.unwrap()
}

/// Returns whether a write got the user name.
fn has_name<T>(written: Result<T, WriteError>) -> Result<bool, Failure> {
    match written {
        Ok(_) => Ok(true),
        Err(WriteError::Taken(UniqueKey::AdditionalField)) => Ok(false),
        Err(other) => Err(other.into_failure()),
    }
}

#[tokio::test]
async fn a_user_is_found_by_the_whole_user_name_in_the_stored_case() {
    let world = world();
    let jane = named("jane", "jane_d");
    insert(&world.store, &jane).await;
    insert(&world.store, &named("joe", "joe")).await;
    insert(&world.store, &user("nameless")).await;
    assert_eq!(find(&world.store, "jane_d").await, Some(jane));
    for other in ["", "jane", "JANE_D", "jane_d ", "The jane_d", "jane%", "null"] {
        assert_eq!(find(&world.store, other).await, None, "{other:?}");
    }
}

#[tokio::test]
async fn a_name_with_nul_finds_no_user_and_costs_no_connection() {
    let world = world();
    insert(&world.store, &named("jane", "jane")).await;
    let mut db = world.store.autocommit();
    assert_eq!(db.usernames().find_user("jane\0").await.unwrap(), None);
    assert!(db.usernames().find_user("jane").await.unwrap().is_some());
}

#[tokio::test]
async fn a_unit_of_work_finds_the_user_that_it_inserted() {
    let world = world();
    let mut unit = world.store.begin();
    let jane = named("jane", "jane");
    unit.users().insert(&jane).await.unwrap();
    assert_eq!(unit.usernames().find_user("jane").await.unwrap(), Some(jane));
    assert_eq!(find(&world.store, "jane").await, None);
    unit.commit().await.unwrap();
    assert!(find(&world.store, "jane").await.is_some());
}

#[tokio::test]
async fn a_taken_user_name_is_reported_and_the_user_keeps_the_old_one() {
    let world = world();
    insert(&world.store, &named("jane", "jane")).await;
    insert(&world.store, &named("joe", "joe")).await;
    let mut db = world.store.autocommit();
    let joe = user("joe").id;
    let error = db
        .users()
        .update(&joe, &patch("jane"), time(9))
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::AdditionalField)));
    assert_eq!(find(&world.store, "joe").await.unwrap().id, joe);
    // A user may write their own name again.
    db.users().update(&joe, &patch("joe"), time(9)).await.unwrap();
}

#[tokio::test]
async fn of_many_concurrent_sign_ups_with_one_user_name_one_succeeds() {
    let world = world();
    let other = world.another_store();
    for round in 0..10 {
        let ids = AtomicUsize::new(0);
        let sign_up = |store: PgStore| {
            let id = ids.fetch_add(1, Ordering::SeqCst);
            let user = named(&format!("user{round}.{id}"), &format!("name{round}"));
            async move { has_name(store.autocommit().users().insert(&user).await) }
        };
        assert_eq!(winners(&world, &other, sign_up).await, 1);
    }
    assert_eq!(world.count(r#"SELECT 1 FROM "user""#), 10);
}

#[tokio::test]
async fn of_many_concurrent_changes_to_one_user_name_one_succeeds() {
    let world = world();
    let other = world.another_store();
    for id in 0..20 {
        insert(&world.store, &user(&format!("user{id}"))).await;
    }
    let ids = AtomicUsize::new(0);
    let change = |store: PgStore| {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        let id = user(&format!("user{id}")).id;
        async move {
            let mut db = store.autocommit();
            has_name(db.users().update(&id, &patch("popular"), time(9)).await)
        }
    };
    assert_eq!(winners(&world, &other, change).await, 1);
    assert!(find(&world.store, "popular").await.is_some());
}

#[tokio::test]
async fn the_name_of_a_deleted_user_is_free() {
    let world = world();
    insert(&world.store, &named("jane", "jane")).await;
    world
        .store
        .autocommit()
        .users()
        .delete(&user("jane").id)
        .await
        .unwrap();
    assert_eq!(find(&world.store, "jane").await, None);
    insert(&world.store, &named("joe", "jane")).await;
    assert_eq!(find(&world.store, "jane").await.unwrap().id, user("joe").id);
}

//! The repository of users by phone number.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis_application::ports::{Failure, Store, UniqueKey, WriteError};
use portcullis_domain::{
    additional::FieldSchema,
    destination::PhoneNumber,
    phone_number::{self, proven, without_number},
    user::{User, UserPatch},
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};

use crate::fixture::{Fixture, time, user, winners};

fn world() -> Fixture {
    let fields = DeclaredFields {
        user: FieldSchema::new(phone_number::user_fields()),
        ..DeclaredFields::default()
    };
    Fixture::with_options(StoreOptions {
        fields,
        ..StoreOptions::default()
    })
}

fn owning(id: &str, number: &str) -> User {
    User {
        additional: proven(&PhoneNumber::new(number)),
        ..user(id)
    }
}

fn patch(number: &str) -> UserPatch {
    UserPatch {
        additional: proven(&PhoneNumber::new(number)),
        ..UserPatch::default()
    }
}

async fn insert(store: &PgStore, user: &User) {
    store.autocommit().users().insert(user).await.unwrap();
}

async fn find(store: &PgStore, number: &str) -> Option<User> {
    let number = PhoneNumber::new(number);
    store
        .autocommit()
        .phone_numbers()
        .find_user(&number)
        .await
        .unwrap()
}

/// Returns whether a write got the number.
fn has_number<T>(written: Result<T, WriteError>) -> Result<bool, Failure> {
    match written {
        Ok(_) => Ok(true),
        Err(WriteError::Taken(UniqueKey::AdditionalField)) => Ok(false),
        Err(other) => Err(other.into_failure()),
    }
}

#[tokio::test]
async fn a_user_is_found_by_exactly_the_stored_number() {
    let world = world();
    let jane = owning("jane", "+4915112345678");
    insert(&world.store, &jane).await;
    insert(&world.store, &owning("joe", "0151 1")).await;
    insert(&world.store, &user("numberless")).await;
    assert_eq!(find(&world.store, "+4915112345678").await, Some(jane));
    for other in ["", "4915112345678", "+49 15112345678", "0151", "0151 1\0", "null"] {
        assert_eq!(find(&world.store, other).await, None, "{other:?}");
    }
}

#[tokio::test]
async fn a_number_that_was_taken_from_its_user_is_free() {
    let world = world();
    insert(&world.store, &owning("jane", "+12")).await;
    insert(&world.store, &user("joe")).await;
    let mut db = world.store.autocommit();
    let joe = user("joe").id;
    let error = db.users().update(&joe, &patch("+12"), time(9)).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::AdditionalField)));
    let none = UserPatch {
        additional: without_number(),
        ..UserPatch::default()
    };
    db.users().update(&user("jane").id, &none, time(9)).await.unwrap();
    db.users().update(&joe, &patch("+12"), time(9)).await.unwrap();
    assert_eq!(find(&world.store, "+12").await.unwrap().id, joe);
}

#[tokio::test]
async fn of_many_concurrent_users_with_one_number_one_is_stored() {
    let world = world();
    let other = world.another_store();
    let ids = AtomicUsize::new(0);
    let sign_up = |store: PgStore| {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        let user = owning(&format!("user{id}"), "+12");
        async move { has_number(store.autocommit().users().insert(&user).await) }
    };
    assert_eq!(winners(&world, &other, sign_up).await, 1);
}

#[tokio::test]
async fn of_many_concurrent_changes_to_one_number_one_succeeds() {
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
            has_number(db.users().update(&id, &patch("+12"), time(9)).await)
        }
    };
    assert_eq!(winners(&world, &other, change).await, 1);
}

//! The repository of passkeys. What every store must do is in the contract.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis_application::ports::Store;
use portcullis_domain::{
    additional::FieldSchema,
    passkey::{Passkey, PasskeyId, PasskeyUse},
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};

use crate::{
    fixture::{Fixture, time, user, winners},
    migrations::assert_table_of_better_auth,
};

portcullis_application::passkey_contract!(world in empty() => &world.store);

const ROUNDS: i32 = 10;

#[test]
fn the_table_of_passkeys_is_that_of_better_auth() {
    assert_table_of_better_auth("passkey", include_str!("../fixtures/better_auth_passkey.sql"));
}

/// A database with the table of passkeys.
fn empty() -> Fixture {
    Fixture::with_options(StoreOptions {
        fields: DeclaredFields {
            tables: [("passkey", FieldSchema::default())].into(),
            ..DeclaredFields::default()
        },
        ..StoreOptions::default()
    })
}

async fn with_users(names: &[&str]) -> Fixture {
    let world = empty();
    for name in names {
        let mut db = world.store.autocommit();
        db.users().insert(&user(name)).await.unwrap();
    }
    world
}

fn passkey(id: String, owner: &str, credential_id: &str) -> Passkey {
    Passkey {
        id: PasskeyId::new(id),
        name: None,
        public_key: "key".to_owned(),
        user_id: user(owner).id,
        credential_id: credential_id.to_owned(),
        counter: 0,
        device_type: "singleDevice".to_owned(),
        is_backed_up: false,
        transports: None,
        created_at: Some(time(1)),
        aaguid: None,
    }
}

const fn used(counter: i32) -> PasskeyUse {
    PasskeyUse {
        counter,
        device_type: "singleDevice",
        is_backed_up: false,
    }
}

#[tokio::test]
async fn one_of_many_parallel_registrations_stores_a_passkey() {
    let world = with_users(&["jane", "eve"]).await;
    for round in 0..ROUNDS {
        let credential = format!("credential {round}");
        let next = AtomicUsize::new(0);
        let register = |store: PgStore| {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let owner = if index.is_multiple_of(2) { "jane" } else { "eve" };
            let passkey = passkey(format!("{credential} {index}"), owner, &credential);
            async move {
                let mut unit = store.begin();
                let stored = unit.passkeys().insert(&passkey).await?;
                unit.commit().await?;
                Ok(stored.is_some())
            }
        };
        assert_eq!(winners(&world, &world.store, register).await, 1);
    }
}

#[tokio::test]
async fn one_of_many_parallel_sign_ins_with_one_count_is_recorded() {
    let world = with_users(&["jane"]).await;
    let mut unit = world.store.begin();
    let stored = unit
        .passkeys()
        .insert(&passkey("a".to_owned(), "jane", "c"))
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let id = stored.unwrap().id;
    for counter in 1..=ROUNDS {
        let advance = |store: PgStore| {
            let id = id.clone();
            async move { store.autocommit().passkeys().advance(&id, &used(counter)).await }
        };
        assert_eq!(winners(&world, &world.store, advance).await, 1);
    }
}

#[tokio::test]
async fn of_duplicates_that_another_program_has_stored_the_oldest_is_found() {
    let world = with_users(&["jane", "eve"]).await;
    world.execute(
        r#"INSERT INTO "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp", "createdAt")
           VALUES ('young', 'k', 'eve', 'c', -5, 'singleDevice', false, now()),
                  ('old', 'k', 'jane', 'c', 3, 'singleDevice', false, now() - interval '1 day'),
                  ('undated', 'k', 'eve', 'c', 0, 'singleDevice', false, NULL)"#,
    );
    let mut db = world.store.autocommit();
    let found = db.passkeys().find_by_credential("c").await.unwrap().unwrap();
    assert_eq!(found.id, PasskeyId::new("old"));
    // A count that another program has stored below zero is none.
    let young = PasskeyId::new("young");
    assert!(db.passkeys().advance(&young, &used(0)).await.unwrap());
}

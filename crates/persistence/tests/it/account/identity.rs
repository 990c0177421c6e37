//! Accounts by their id at the provider.

use std::pin::pin;

use portcullis_application::ports::{Failure, Store};
use portcullis_domain::{account::Account, id::AccountId};
use portcullis_persistence::PgStore;

use crate::fixture::{Fixture, account, user, winners};

/// Inserts an account of `jane` unless the id at the provider has one, as a sign-in does. Returns whether it did.
async fn link(store: &PgStore, id: &str) -> Result<bool, Failure> {
    let mut unit = store.begin();
    unit.accounts().lock_identity("github", id).await?;
    if unit.accounts().find("github", id).await?.is_some() {
        return Ok(false);
    }
    let new = Account {
        id: AccountId::new(id),
        provider_id: "github".to_owned(),
        account_id: id.to_owned(),
        password: None,
        ..account("", &user("jane"), "")
    };
    unit.accounts().insert(&new).await?;
    unit.commit().await?;
    Ok(true)
}

#[tokio::test]
async fn a_locked_identity_makes_another_unit_wait_until_the_commit() {
    let world = Fixture::with(&user("jane")).await;
    let other = world.another_store();
    let mut unit = world.store.begin();
    unit.accounts().lock_identity("github", "1").await.unwrap();

    let mut free = other.begin();
    for (provider, account) in [
        ("github", "2"),
        ("google", "1"),
        ("github1", ""),
        ("github", "\0"),
    ] {
        free.accounts().lock_identity(provider, account).await.unwrap();
    }
    free.commit().await.unwrap();

    let mut waiting = pin!(link(&other, "1"));
    tokio::select! {
        _ = &mut waiting => panic!("the unit did not wait"),
        () = world.wait_until_blocked() => {}
    }
    unit.commit().await.unwrap();
    assert!(waiting.await.unwrap());
}

#[tokio::test]
async fn a_lock_on_an_identity_ends_with_a_rolled_back_unit() {
    let world = Fixture::with(&user("jane")).await;
    let other = world.another_store();
    let mut unit = world.store.begin();
    unit.accounts().lock_identity("github", "1").await.unwrap();
    drop(unit);
    assert!(link(&other, "1").await.unwrap());
    assert!(!link(&world.store, "1").await.unwrap());
}

#[tokio::test]
async fn of_many_concurrent_links_of_an_identity_one_succeeds() {
    let world = Fixture::with(&user("jane")).await;
    let other = world.another_store();
    for round in 0..10 {
        let call = |store: PgStore| async move { link(&store, &round.to_string()).await };
        assert_eq!(winners(&world, &other, call).await, 1);
    }
    assert_eq!(world.count("SELECT 1 FROM account"), 10);
}

//! The account repository.

use std::pin::pin;

use portcullis_application::ports::Store;
use portcullis_domain::{
    account::Account,
    id::{AccountId, UserId},
    password::PasswordHash,
};

use crate::fixture::{Fixture, account, time, user};

mod identity;
mod tokens;

fn hash(account: &Account) -> Option<&str> {
    account.password.as_ref().map(PasswordHash::expose)
}

#[tokio::test]
async fn an_account_is_read_as_it_was_stored() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let stored = account("account", &jane, "hash");
    world.store.autocommit().accounts().insert(&stored).await.unwrap();

    let found = world
        .store
        .autocommit()
        .accounts()
        .find_credential(&jane.id)
        .await
        .unwrap()
        .unwrap();

    assert_eq!(found.id, stored.id);
    assert_eq!(
        (found.account_id.as_str(), found.provider_id.as_str()),
        ("jane", "credential")
    );
    assert_eq!(found.user_id, jane.id);
    assert_eq!(hash(&found), Some("hash"));
    assert_eq!((found.created_at, found.updated_at), (time(0), time(0)));
}

#[tokio::test]
async fn of_several_credential_accounts_the_oldest_is_found() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    let social = Account {
        provider_id: "github".to_owned(),
        password: None,
        created_at: time(-9),
        ..account("social", &jane, "")
    };
    let younger = Account {
        created_at: time(5),
        ..account("a", &jane, "younger")
    };
    for account in [social, younger, account("b", &jane, "older")] {
        read.accounts().insert(&account).await.unwrap();
    }
    let found = read.accounts().find_credential(&jane.id).await.unwrap().unwrap();
    assert_eq!(hash(&found), Some("older"));
}

#[tokio::test]
async fn a_user_without_a_password_has_no_credential_account() {
    let world = Fixture::with(&user("jane")).await;
    for id in ["jane", "unknown", "jane\0"] {
        let found = world
            .store
            .autocommit()
            .accounts()
            .find_credential(&UserId::new(id))
            .await
            .unwrap();
        assert!(found.is_none());
    }
}

#[tokio::test]
async fn a_password_hash_is_replaced_only_if_it_is_the_expected_one() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    read.accounts()
        .insert(&account("one", &jane, "old"))
        .await
        .unwrap();
    read.accounts()
        .insert(&account("two", &jane, "old"))
        .await
        .unwrap();
    let (id, old, new) = (
        AccountId::new("one"),
        PasswordHash::new("old"),
        PasswordHash::new("new"),
    );

    assert!(
        read.accounts()
            .replace_hash(&id, &old, &new, time(9))
            .await
            .unwrap()
    );
    assert!(
        !read
            .accounts()
            .replace_hash(&id, &old, &PasswordHash::new("late"), time(10))
            .await
            .unwrap()
    );
    assert!(
        !read
            .accounts()
            .replace_hash(&AccountId::new("\0"), &old, &new, time(9))
            .await
            .unwrap()
    );

    let found = read.accounts().find_credential(&jane.id).await.unwrap().unwrap();
    assert_eq!((hash(&found), found.updated_at), (Some("new"), time(9)));
    world.execute("DO $$ BEGIN ASSERT (SELECT password = 'old' FROM account WHERE id = 'two'); END $$");
}

#[tokio::test]
async fn a_locked_password_cannot_change_before_the_unit_commits() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let stored = account("account", &jane, "old");
    world.store.autocommit().accounts().insert(&stored).await.unwrap();
    let (old, new) = (PasswordHash::new("old"), PasswordHash::new("new"));

    let mut unit = world.store.begin();
    assert!(!unit.accounts().lock_if_unchanged(&stored.id, &new).await.unwrap());
    assert!(
        !unit
            .accounts()
            .lock_if_unchanged(&AccountId::new("\0"), &old)
            .await
            .unwrap()
    );
    assert!(unit.accounts().lock_if_unchanged(&stored.id, &old).await.unwrap());

    let other = world.another_store();
    let mut change = pin!(async {
        other
            .autocommit()
            .accounts()
            .replace_hash(&stored.id, &old, &new, time(9))
            .await
    });
    tokio::select! {
        _ = &mut change => panic!("the password changed while it was locked"),
        () = world.wait_until_blocked() => {}
    }
    unit.commit().await.unwrap();
    assert!(change.await.unwrap());
}

#[tokio::test]
async fn the_accounts_of_a_user_are_listed_oldest_first() {
    let (jane, joe) = (user("jane"), user("joe"));
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    read.users().insert(&joe).await.unwrap();
    let social = Account {
        provider_id: "github".to_owned(),
        password: None,
        scope: Some("read:user,user:email".to_owned()),
        created_at: time(-9),
        ..account("z", &jane, "")
    };
    for account in [account("a", &jane, "hash"), social, account("b", &joe, "hash")] {
        read.accounts().insert(&account).await.unwrap();
    }
    let found = read.accounts().list_by_user(&jane.id).await.unwrap();
    let ids: Vec<&str> = found.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["z", "a"]);
    assert_eq!(found[0].scope.as_deref(), Some("read:user,user:email"));
    assert_eq!((found[1].scope.as_deref(), hash(&found[1])), (None, Some("hash")));
    assert!(
        read.accounts()
            .list_by_user(&UserId::new("\0"))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_password_is_set_only_on_credential_accounts_of_the_user() {
    let (jane, joe) = (user("jane"), user("joe"));
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    read.users().insert(&joe).await.unwrap();
    let social = Account {
        provider_id: "github".to_owned(),
        password: None,
        ..account("social", &jane, "")
    };
    for account in [account("a", &jane, "old"), social, account("b", &joe, "old")] {
        read.accounts().insert(&account).await.unwrap();
    }
    let new = PasswordHash::new("new");
    assert!(read.accounts().set_hash(&jane.id, &new, time(9)).await.unwrap());
    assert!(
        !read
            .accounts()
            .set_hash(&UserId::new("unknown"), &new, time(9))
            .await
            .unwrap()
    );
    let found = read.accounts().list_by_user(&jane.id).await.unwrap();
    assert_eq!((hash(&found[0]), found[0].updated_at), (Some("new"), time(9)));
    assert_eq!((hash(&found[1]), found[1].updated_at), (None, time(0)));
    let joes = read.accounts().find_credential(&joe.id).await.unwrap().unwrap();
    assert_eq!(hash(&joes), Some("old"));
}

#[tokio::test]
async fn an_account_is_deleted_by_its_id() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    for id in ["one", "two"] {
        read.accounts().insert(&account(id, &jane, "hash")).await.unwrap();
    }
    for id in ["one", "one", "unknown", "\0"] {
        read.accounts().delete(&AccountId::new(id)).await.unwrap();
    }
    let found = read.accounts().list_by_user(&jane.id).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id.as_str(), "two");
}

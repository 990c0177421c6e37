//! Accounts.

use portcullis_application::ports::Store;
use portcullis_domain::{
    account::Account,
    id::{AccountId, UserId},
    password::PasswordHash,
};

use crate::world::{World, account, time, user};

fn hash(account: &Account) -> Option<&str> {
    account.password.as_ref().map(PasswordHash::expose)
}

#[tokio::test]
async fn an_account_is_found_as_it_was_stored() {
    let jane = user("jane");
    let world = World::with(&jane).await;
    let stored = account("account", &jane, "hash");
    world.store.read().accounts().insert(&stored).await.unwrap();

    let found = world
        .store
        .read()
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
async fn of_several_accounts_the_oldest_with_a_password_is_found() {
    let jane = user("jane");
    let world = World::with(&jane).await;
    let mut read = world.store.read();
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
async fn who_has_no_password_has_no_credential() {
    let world = World::with(&user("jane")).await;
    for id in ["jane", "nobody", "jane\0"] {
        let found = world
            .store
            .read()
            .accounts()
            .find_credential(&UserId::new(id))
            .await
            .unwrap();
        assert!(found.is_none());
    }
}

#[tokio::test]
async fn a_hash_is_replaced_where_it_still_is_the_one_expected() {
    let jane = user("jane");
    let world = World::with(&jane).await;
    let mut read = world.store.read();
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
            .replace_password(&id, &old, &new, time(9))
            .await
            .unwrap()
    );
    assert!(
        !read
            .accounts()
            .replace_password(&id, &old, &PasswordHash::new("late"), time(10))
            .await
            .unwrap()
    );
    assert!(
        !read
            .accounts()
            .replace_password(&AccountId::new("\0"), &old, &new, time(9))
            .await
            .unwrap()
    );

    let found = read.accounts().find_credential(&jane.id).await.unwrap().unwrap();
    assert_eq!((hash(&found), found.updated_at), (Some("new"), time(9)));
    world.execute("DO $$ BEGIN ASSERT (SELECT password = 'old' FROM account WHERE id = 'two'); END $$");
}

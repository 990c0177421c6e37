//! Accounts.

use portcullis_domain::{account::Account, id::AccountId};

use super::{after, hash, insert_user};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, an_account, start},
};

/// [`AccountRepository::list_by_user`](crate::ports::AccountRepository::list_by_user)
pub async fn accounts_are_listed_from_the_oldest(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    for (id, provider, seconds) in [("2", "google", 2), ("3", "credential", 3), ("1", "credential", 1)] {
        let account = Account {
            id: AccountId::new(id),
            provider_id: provider.to_owned(),
            account_id: id.to_owned(),
            created_at: after(seconds),
            ..an_account("hash")
        };
        db.accounts().insert(&account).await.unwrap();
    }
    let listed = db.accounts().list_by_user(&a_user().id).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let credential = db.accounts().find_credential(&a_user().id).await.unwrap();
    assert_eq!(credential.unwrap().id, AccountId::new("1"));
    db.accounts().delete(&AccountId::new("1")).await.unwrap();
    db.accounts().delete(&AccountId::new("none")).await.unwrap();
    let credential = db.accounts().find_credential(&a_user().id).await.unwrap();
    assert_eq!(credential.unwrap().id, AccountId::new("3"));
}

/// [`AccountRepository`](crate::ports::AccountRepository)
pub async fn hashes_are_replaced_only_if_they_are_unchanged(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let user = a_user().id;
    assert!(!db.accounts().set_hash(&user, &hash("0"), start()).await.unwrap());
    let account = an_account("1");
    db.accounts().insert(&account).await.unwrap();
    let replaced = db
        .accounts()
        .replace_hash(&account.id, &hash("0"), &hash("2"), after(1))
        .await;
    assert!(!replaced.unwrap());
    let replaced = db
        .accounts()
        .replace_hash(&account.id, &hash("1"), &hash("2"), after(1))
        .await;
    assert!(replaced.unwrap());
    let mut unit = store.begin();
    let was_locked = unit.accounts().lock_if_unchanged(&account.id, &hash("1")).await;
    assert!(!was_locked.unwrap());
    let was_locked = unit.accounts().lock_if_unchanged(&account.id, &hash("2")).await;
    assert!(was_locked.unwrap());
    drop(unit);
    assert!(db.accounts().set_hash(&user, &hash("3"), after(2)).await.unwrap());
    let stored = db.accounts().find_credential(&user).await.unwrap().unwrap();
    assert_eq!(stored.updated_at, after(2));
    assert_eq!(stored.password.unwrap().expose(), hash("3").expose());
}

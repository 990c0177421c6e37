//! Accounts.

use portcullis_domain::{
    account::{Account, AccountTokens, TokenChange},
    id::AccountId,
    secret::Secret,
};

use super::{after, hash, insert_user};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, an_account, another_user, start},
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

/// Returns an account at a provider, with an access token, a refresh token and an id token.
fn social(id: &str, provider: &str, account: &str) -> Account {
    Account {
        id: AccountId::new(id),
        provider_id: provider.to_owned(),
        account_id: account.to_owned(),
        password: None,
        tokens: tokens("old"),
        scope: Some("read".to_owned()),
        ..an_account("")
    }
}

fn tokens(prefix: &str) -> AccountTokens {
    let token = |kind: &str| Some(Secret::new(format!("{prefix} {kind}")));
    AccountTokens {
        access_token: token("access"),
        refresh_token: token("refresh"),
        id_token: token("id"),
        access_token_expires_at: Some(after(60)),
        refresh_token_expires_at: Some(after(120)),
    }
}

/// Returns the tokens and the scope as texts.
fn texts(account: &Account) -> [Option<String>; 4] {
    let tokens = &account.tokens;
    let text = |token: &Option<Secret<String>>| token.as_ref().map(|token| token.expose().clone());
    [
        text(&tokens.access_token),
        text(&tokens.refresh_token),
        text(&tokens.id_token),
        account.scope.clone(),
    ]
}

/// [`AccountRepository::find`](crate::ports::AccountRepository::find)
pub async fn an_account_is_found_by_its_id_at_the_provider(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let younger = Account {
        created_at: after(1),
        ..social("1", "github", "7")
    };
    for account in [younger, social("2", "github", "7"), social("3", "google", "7")] {
        db.accounts().insert(&account).await.unwrap();
    }
    for (provider, account, expected) in [
        ("github", "7", Some("2")),
        ("google", "7", Some("3")),
        ("google", "8", None),
        ("gitlab", "7", None),
        ("github\0", "7", None),
        ("github", "7\0", None),
    ] {
        let found = db.accounts().find(provider, account).await.unwrap();
        let id = found.map(|account| account.id);
        assert_eq!(id, expected.map(AccountId::new), "{provider} {account}");
    }
    let found = db.accounts().find("google", "7").await.unwrap().unwrap();
    assert_eq!(texts(&found), texts(&social("3", "google", "7")));
    assert_eq!(found.tokens.access_token_expires_at, Some(after(60)));
    assert_eq!(found.tokens.refresh_token_expires_at, Some(after(120)));
}

/// [`AccountRepository::set_tokens`](crate::ports::AccountRepository::set_tokens)
pub async fn tokens_of_an_account_are_changed(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let account = social("1", "github", "7");
    db.accounts().insert(&account).await.unwrap();
    db.accounts().insert(&social("2", "github", "8")).await.unwrap();
    let change = TokenChange {
        tokens: AccountTokens {
            access_token: Some(Secret::new("new access".to_owned())),
            access_token_expires_at: Some(after(90)),
            ..AccountTokens::default()
        },
        scope: Some("read,write".to_owned()),
    };
    assert!(
        db.accounts()
            .set_tokens(&account.id, &change, after(1))
            .await
            .unwrap()
    );
    let nothing = TokenChange::default();
    assert!(
        db.accounts()
            .set_tokens(&account.id, &nothing, after(2))
            .await
            .unwrap()
    );
    for none in ["3", "1\0"] {
        let changed = db
            .accounts()
            .set_tokens(&AccountId::new(none), &change, after(3))
            .await;
        assert!(!changed.unwrap(), "{none}");
    }
    let changed = db.accounts().find("github", "7").await.unwrap().unwrap();
    let expected = ["new access", "old refresh", "old id", "read,write"].map(|text| Some(text.to_owned()));
    assert_eq!(texts(&changed), expected);
    assert_eq!(changed.tokens.access_token_expires_at, Some(after(90)));
    assert_eq!(changed.tokens.refresh_token_expires_at, Some(after(120)));
    assert_eq!((changed.created_at, changed.updated_at), (start(), after(2)));
    let other = db.accounts().find("github", "8").await.unwrap().unwrap();
    assert_eq!(texts(&other), texts(&account));
}

/// [`AccountRepository::replace_tokens`](crate::ports::AccountRepository::replace_tokens)
pub async fn tokens_are_replaced_only_if_the_refresh_token_is_unchanged(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let account = social("1", "github", "7");
    db.accounts().insert(&account).await.unwrap();
    let without = Account {
        tokens: AccountTokens::default(),
        ..social("2", "github", "8")
    };
    db.accounts().insert(&without).await.unwrap();
    let change = TokenChange {
        tokens: tokens("new"),
        scope: None,
    };
    for (id, from, is_replaced) in [
        ("1", "", false),
        ("2", "", false),
        ("1", "old refresh\0", false),
        ("1", "old refresh", true),
        ("1", "old refresh", false),
        ("1", "new refresh", true),
    ] {
        let from = Secret::new(from.to_owned());
        let replaced = db
            .accounts()
            .replace_tokens(&AccountId::new(id), &from, &change, after(1))
            .await;
        assert_eq!(replaced.unwrap(), is_replaced, "{id}");
    }
    let replaced = db.accounts().find("github", "7").await.unwrap().unwrap();
    let expected = ["new access", "new refresh", "new id", "read"].map(|text| Some(text.to_owned()));
    assert_eq!(texts(&replaced), expected);
    assert_eq!(replaced.updated_at, after(1));
}

/// [`AccountRepository::delete_others`](crate::ports::AccountRepository::delete_others)
/// [`AccountRepository::delete_provider_accounts`](crate::ports::AccountRepository::delete_provider_accounts)
pub async fn accounts_of_a_user_are_deleted_except_one_or_those_with_a_password(store: &dyn Store) {
    for user in [a_user(), another_user()] {
        insert_user(store, &user).await;
    }
    let mut db = store.autocommit();
    let second = Account {
        id: AccountId::new("account-2"),
        ..an_account("hash")
    };
    let of_another = Account {
        user_id: another_user().id,
        ..social("9", "github", "9")
    };
    let github = social("1", "github", "7");
    for account in [an_account("hash"), second.clone(), github, of_another] {
        db.accounts().insert(&account).await.unwrap();
    }
    for _again in 0..2 {
        db.accounts()
            .delete_provider_accounts(&a_user().id)
            .await
            .unwrap();
        assert_left(store, [an_account("").id.as_str(), "account-2"]).await;
    }
    db.accounts().insert(&social("1", "github", "7")).await.unwrap();
    for _again in 0..2 {
        db.accounts()
            .delete_others(&a_user().id, &second.id)
            .await
            .unwrap();
        assert_left(store, ["account-2"]).await;
    }
}

/// Asserts that the user has these accounts, and another user one.
async fn assert_left<const COUNT: usize>(store: &dyn Store, expected: [&str; COUNT]) {
    let mut db = store.autocommit();
    let mut left = db.accounts().list_by_user(&a_user().id).await.unwrap();
    left.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
    let ids: Vec<_> = left.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, expected);
    let others = db.accounts().list_by_user(&another_user().id).await.unwrap();
    assert_eq!(others.len(), 1);
}

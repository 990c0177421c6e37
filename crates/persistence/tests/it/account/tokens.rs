//! Tokens of accounts.

use portcullis_application::ports::Store;
use portcullis_domain::{
    account::{Account, AccountTokens, TokenChange},
    id::{AccountId, UserId},
    secret::Secret,
};
use portcullis_persistence::PgStore;

use crate::fixture::{Fixture, account, time, user, winners};

fn change(access: &str, refresh: &str) -> TokenChange {
    TokenChange {
        tokens: AccountTokens {
            access_token: Some(Secret::new(access.to_owned())),
            refresh_token: Some(Secret::new(refresh.to_owned())),
            access_token_expires_at: Some(time(60)),
            ..AccountTokens::default()
        },
        scope: None,
    }
}

/// Returns a database with an account of `jane`.
async fn with_account(tokens: AccountTokens) -> Fixture {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let social = Account {
        provider_id: "github".to_owned(),
        account_id: "1".to_owned(),
        password: None,
        tokens,
        ..account("social", &jane, "")
    };
    world.store.autocommit().accounts().insert(&social).await.unwrap();
    world
}

#[tokio::test]
async fn tokens_are_stored_in_better_auths_columns() {
    let world = with_account(AccountTokens {
        access_token: Some(Secret::new("access".to_owned())),
        refresh_token: Some(Secret::new("refresh".to_owned())),
        id_token: Some(Secret::new("id".to_owned())),
        access_token_expires_at: Some(time(60)),
        refresh_token_expires_at: Some(time(120)),
    })
    .await;
    let stored = r#"SELECT 1 FROM account WHERE "accessToken" = 'access' AND "refreshToken" = 'refresh'
        AND "idToken" = 'id' AND "accessTokenExpiresAt" = '2026-01-01T00:01:00.123Z'
        AND "refreshTokenExpiresAt" = '2026-01-01T00:02:00.123Z' AND "scope" IS NULL"#;
    assert_eq!(world.count(stored), 1);
}

#[tokio::test]
async fn a_time_that_javascript_cannot_represent_is_read_as_the_nearest() {
    let world = with_account(AccountTokens::default()).await;
    world.execute(r#"UPDATE account SET "accessTokenExpiresAt" = 'infinity'"#);
    let found = world.store.autocommit().accounts().find("github", "1").await;
    let end = found.unwrap().unwrap().tokens.access_token_expires_at;
    assert_eq!(end.unwrap().to_rfc3339(), "9999-12-31T23:59:59.999+00:00");
}

#[tokio::test]
async fn a_token_with_the_character_nul_is_rejected_and_nothing_is_changed() {
    let world = with_account(change("access", "refresh").tokens).await;
    let mut db = world.store.autocommit();
    let id = AccountId::new("social");
    let scope = TokenChange {
        scope: Some("\0".to_owned()),
        ..TokenChange::default()
    };
    for hostile in [change("\0", "new"), change("new", "\0"), scope] {
        assert!(db.accounts().set_tokens(&id, &hostile, time(9)).await.is_err());
        let from = Secret::new("refresh".to_owned());
        let replaced = db.accounts().replace_tokens(&id, &from, &hostile, time(9)).await;
        assert!(replaced.is_err());
        let unknown = Account {
            id: AccountId::new("another"),
            tokens: hostile.tokens,
            scope: hostile.scope,
            ..account("", &user("jane"), "")
        };
        assert!(db.accounts().insert(&unknown).await.is_err());
    }
    let hostile = UserId::new("\0");
    db.accounts().delete_others(&hostile, &id).await.unwrap();
    db.accounts().delete_provider_accounts(&hostile).await.unwrap();
    let unknown = AccountId::new("\0");
    db.accounts()
        .delete_others(&user("jane").id, &unknown)
        .await
        .unwrap();
    let unchanged = r#"SELECT 1 FROM account WHERE "accessToken" = 'access' AND "refreshToken" = 'refresh'"#;
    assert_eq!(world.count(unchanged), 1);
}

#[tokio::test]
async fn of_many_concurrent_replacements_of_a_refresh_token_one_succeeds() {
    let world = with_account(change("access", "0").tokens).await;
    let other = world.another_store();
    for round in 0..10 {
        let replace = |store: PgStore| async move {
            let (from, to) = (Secret::new(round.to_string()), (round + 1).to_string());
            let mut db = store.autocommit();
            let id = AccountId::new("social");
            db.accounts()
                .replace_tokens(&id, &from, &change("a", &to), time(9))
                .await
        };
        assert_eq!(winners(&world, &other, replace).await, 1);
    }
}

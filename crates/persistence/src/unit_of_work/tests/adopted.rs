//! Accounts and states of authorization requests on adopted databases: columns have other names and types.

use chrono::TimeDelta;
use portcullis_application::{
    ports::Repositories,
    testing::fixtures::{a_user, an_account, start},
};
use portcullis_domain::{
    account::{Account, AccountTokens, TokenChange},
    id::{AccountId, UserId, VerificationId},
    secret::Secret,
    social::AuthorizationState,
    token::OneTimeToken,
    user::User,
};

use super::{Fixture, PgUnitOfWork, plans::ADOPTED};

const USER: &str = "550e8400-e29b-41d4-a716-446655440000";
const ACCOUNT: &str = "550e8400-e29b-41d4-a716-446655440001";
const STATE: &str = "550e8400-e29b-41d4-a716-446655440002";

fn tokens(text: &str) -> AccountTokens {
    let token = |kind: &str| Some(Secret::new(format!("{text} {kind}")));
    AccountTokens {
        access_token: token("access"),
        refresh_token: token("refresh"),
        id_token: token("id"),
        access_token_expires_at: Some(start()),
        refresh_token_expires_at: Some(start() + TimeDelta::hours(1)),
    }
}

/// Inserts a user and an account at a provider.
async fn insert(db: &mut PgUnitOfWork) {
    let user = User {
        id: UserId::new(USER),
        ..a_user()
    };
    let account = Account {
        id: AccountId::new(ACCOUNT),
        user_id: user.id.clone(),
        provider_id: "github".to_owned(),
        account_id: "7".to_owned(),
        password: None,
        tokens: tokens("old"),
        ..an_account("")
    };
    db.users().insert(&user).await.unwrap();
    db.accounts().insert(&account).await.unwrap();
}

#[tokio::test]
async fn tokens_are_read_and_changed_on_an_adopted_database() {
    for kind in ADOPTED {
        let world = Fixture::adopted(kind);
        let mut db = world.read();
        insert(&mut db).await;
        let id = AccountId::new(ACCOUNT);
        let change = TokenChange {
            tokens: tokens("new"),
            scope: Some("read".to_owned()),
        };
        let from = Secret::new("old refresh".to_owned());
        for is_replaced in [true, false] {
            let replaced = db.accounts().replace_tokens(&id, &from, &change, start()).await;
            assert_eq!(replaced.unwrap(), is_replaced, "{kind}");
        }
        assert!(
            db.accounts().set_tokens(&id, &change, start()).await.unwrap(),
            "{kind}"
        );
        let found = db.accounts().find("github", "7").await.unwrap().unwrap();
        assert_eq!((found.id, found.user_id), (id, UserId::new(USER)), "{kind}");
        assert_eq!(
            found.tokens.refresh_token.unwrap().expose(),
            "new refresh",
            "{kind}"
        );
        assert_eq!(found.tokens.access_token_expires_at, Some(start()), "{kind}");
        let (user, id) = (UserId::new(USER), AccountId::new(ACCOUNT));
        db.accounts().delete_others(&user, &id).await.unwrap();
        for is_there in [true, false] {
            let found = db.accounts().find("github", "7").await.unwrap();
            assert_eq!(found.is_some(), is_there, "{kind}");
            db.accounts().delete_provider_accounts(&user).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_state_is_stored_and_consumed_on_an_adopted_database() {
    for kind in ADOPTED {
        let world = Fixture::adopted(kind);
        let mut db = world.read();
        let json = r#"{"callbackURL":"/","codeVerifier":"v","expiresAt":1767225600000}"#;
        let state = AuthorizationState::parse(json).unwrap();
        let (id, value) = (VerificationId::new(STATE), OneTimeToken::new("abc"));
        let states = db.authorization_states();
        states.insert(&id, &value, &state, start()).await.unwrap();
        for is_there in [true, false] {
            assert_eq!(states.find(&value).await.unwrap().is_some(), is_there, "{kind}");
            let consumed = states.consume(&value).await.unwrap();
            let text = consumed.map(|state| state.to_json().expose().clone());
            assert_eq!(text, is_there.then(|| json.to_owned()), "{kind}");
        }
    }
}

use super::*;
use crate::{
    client_token::{ACCOUNT_DATA, PresentedToken},
    ports::AccountCookieCodec,
    testing::PlainAccountCookieCodec,
};

const STORING: TokenOptions = TokenOptions {
    cookie_lifetime: Some(TimeDelta::minutes(5)),
    ..PLAIN
};

/// Returns a request of a client that stores this account.
fn presenting(account: &Account) -> RequestContext {
    let end = start() + TimeDelta::minutes(5);
    let presented = PresentedToken {
        kind: ACCOUNT_DATA,
        purpose: ACCOUNT_DATA.purpose,
        value: PlainAccountCookieCodec.seal(account, start(), end),
    };
    RequestContext {
        tokens: vec![presented],
        ..RequestContext::default()
    }
}

/// Returns the access token of the account that the client stores afterwards.
fn stored(effect: Option<&TokenEffect>) -> Option<String> {
    let TokenEffect::Set { kind, value, .. } = effect? else {
        return None;
    };
    assert_eq!(*kind, ACCOUNT_DATA);
    let account = PlainAccountCookieCodec.open(value.expose(), start());
    Some(text(account?.tokens.access_token.as_ref()))
}

/// Returns an account of another provider.
fn elsewhere() -> Account {
    Account {
        id: AccountId::new("account-3"),
        provider_id: "gitlab".to_owned(),
        ..account("presented", None, 60)
    }
}

/// Returns the caller's second account.
fn second(access: &str, seconds: i64) -> Account {
    Account {
        id: AccountId::new("account-2"),
        account_id: "18".to_owned(),
        ..account(access, Some("second-refresh"), seconds)
    }
}

#[tokio::test]
async fn the_tokens_of_the_account_that_the_client_presents_are_used_while_it_is_linked() {
    let world = World::new(vec![account("stored", Some("refresh"), 60)], STORING);
    let context = presenting(&account("presented", Some("refresh"), 60));
    let by = calling(a_user());
    for id in [None, Some("account-1")] {
        let issued = world
            .service
            .access(&by, &wanted("github", id), &context)
            .await
            .unwrap();
        assert_eq!(text(issued.access_token.as_ref()), "presented");
        assert!(issued.effect.is_none());
    }
    let found = world.service.info(&by, None, &context).await.unwrap();
    assert_eq!(found.info.unwrap().user["name"], json!("Ada Lovelace"));
    assert!(found.effect.is_none());
}

#[tokio::test]
async fn an_account_that_is_not_wanted_is_ignored() {
    let rows = vec![account("stored", None, 60), second("second", 60), elsewhere()];
    let world = World::new(rows, STORING);
    for (presented, id) in [(second("presented", 60), Some("account-1")), (elsewhere(), None)] {
        let context = presenting(&presented);
        let issued = world
            .service
            .access(&calling(a_user()), &wanted("github", id), &context)
            .await;
        assert_eq!(text(issued.unwrap().access_token.as_ref()), "stored");
    }
}

#[tokio::test]
async fn the_account_of_another_user_is_ignored() {
    let of_bob = Account {
        user_id: another_user().id,
        ..account("of-bob", Some("refresh"), 60)
    };
    let world = World::new(vec![account("stored", Some("refresh"), 60)], STORING);
    let (by, context) = (calling(a_user()), presenting(&of_bob));
    let issued = world
        .service
        .access(&by, &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "stored");
    let error = world.service.info(&by, None, &context).await.unwrap_err();
    assert!(matches!(error, TokenError::AccountNotFound));
    let issued = world
        .service
        .refresh(&by, &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "access-1");
    assert!(issued.effect.is_none());
}

#[tokio::test]
async fn accounts_that_clients_present_are_ignored_unless_the_option_is_set() {
    let world = World::new(vec![account("stored", None, 60)], PLAIN);
    let (by, context) = (calling(a_user()), presenting(&account("presented", None, 60)));
    let issued = world
        .service
        .access(&by, &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "stored");
    let error = world.service.info(&by, None, &context).await.unwrap_err();
    assert!(matches!(error, TokenError::AccountNotFound));
}

#[tokio::test]
async fn the_client_stores_the_account_again_after_a_refresh() {
    let by = calling(a_user());
    let due = account("access", Some("refresh"), 0);
    for context in [context(), presenting(&due)] {
        let world = World::new(vec![due.clone()], STORING);
        let issued = world
            .service
            .access(&by, &wanted("github", None), &context)
            .await
            .unwrap();
        assert_eq!(stored(issued.effect.as_ref()).as_deref(), Some("access-1"));
    }
    let world = World::new(vec![due.clone()], STORING);
    let found = world.service.info(&by, None, &presenting(&due)).await.unwrap();
    assert_eq!(stored(found.effect.as_ref()).as_deref(), Some("access-1"));
}

#[tokio::test]
async fn a_client_with_an_old_account_receives_the_tokens_that_another_one_has_refreshed() {
    let world = World::new(vec![account("newer", Some("newer-refresh"), 60)], STORING);
    let context = presenting(&account("older", Some("older-refresh"), 0));
    let issued = world
        .service
        .access(&calling(a_user()), &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "newer");
    assert_eq!(stored(issued.effect.as_ref()).as_deref(), Some("newer"));
    assert_eq!(world.provider.refreshes(), 0);
}

/// The client's copy may have an older refresh token, which the provider would reject.
#[tokio::test]
async fn a_requested_refresh_uses_the_stored_tokens_of_the_account_that_the_client_presents() {
    let rows = vec![account("first", Some("refresh"), 60), second("second", 60)];
    let world = World::new(rows, STORING);
    let presented = Account {
        tokens: account("older", Some(REVOKED), 60).tokens,
        ..second("", 60)
    };
    let (by, context) = (calling(a_user()), presenting(&presented));
    let issued = world
        .service
        .refresh(&by, &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(issued.account.account_id, "18");
    assert_eq!(text(issued.access_token.as_ref()), "access-1");
    assert_eq!(stored(issued.effect.as_ref()).as_deref(), Some("access-1"));
    assert_eq!(world.stored().0, "first");
}

#[tokio::test]
async fn a_client_that_presents_no_account_stores_none_after_a_requested_refresh() {
    let world = World::new(vec![account("access", Some("refresh"), 60)], STORING);
    assert!(world.refresh().await.unwrap().effect.is_none());
}

#[tokio::test]
async fn the_tokens_of_an_account_that_was_unlinked_are_not_returned() {
    let (by, context) = (calling(a_user()), presenting(&account("presented", None, 60)));
    let world = World::new(Vec::new(), STORING);
    let error = world.service.access(&by, &wanted("github", None), &context).await;
    assert!(matches!(error.unwrap_err(), TokenError::AccountNotFound));
    let error = world.service.info(&by, None, &context).await;
    assert!(matches!(error.unwrap_err(), TokenError::AccountNotFound));

    // The same identity was linked again: its tokens are new.
    let world = World::new(vec![second("stored", 60)], STORING);
    let issued = world
        .service
        .access(&by, &wanted("github", None), &context)
        .await
        .unwrap();
    assert_eq!(text(issued.access_token.as_ref()), "stored");
}

#[tokio::test]
async fn an_account_that_was_unlinked_is_not_refreshed() {
    let world = World::new(Vec::new(), STORING);
    let (by, context) = (
        calling(a_user()),
        presenting(&account("access", Some("refresh"), 0)),
    );
    let error = world.service.access(&by, &wanted("github", None), &context).await;
    assert!(matches!(error.unwrap_err(), TokenError::AccountNotFound));
    let error = world
        .service
        .refresh(&by, &wanted("github", None), &context)
        .await;
    assert!(matches!(error.unwrap_err(), TokenError::AccountNotFound));
    assert_eq!(world.provider.refreshes(), 0);
}

use chrono::TimeDelta;
use portcullis_domain::id::AccountId;

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork, MemoryStore,
    fixtures::{a_session, a_user, an_account, another_user, calling, start},
};

fn fresh() -> FreshCaller {
    FreshCaller::for_test(a_session(), a_user())
}

fn unlink(provider: &str, account: Option<&str>) -> Unlink {
    Unlink {
        provider_id: provider.to_owned(),
        account_id: account.map(str::to_owned),
    }
}

fn at(provider: &str, account: &str) -> Account {
    Account {
        id: AccountId::new(format!("{provider}-{account}")),
        provider_id: provider.to_owned(),
        account_id: account.to_owned(),
        password: None,
        ..an_account("")
    }
}

/// A store with the caller and these accounts.
fn with_accounts(accounts: Vec<Account>) -> MemoryStore {
    MemoryStore::with(|rows| {
        rows.users = vec![a_user()];
        rows.accounts = accounts;
    })
}

/// Returns the ids of the accounts that are left.
fn left(store: &MemoryStore) -> Vec<String> {
    let accounts = store.rows().accounts.into_iter();
    accounts.map(|account| account.id.as_str().to_owned()).collect()
}

async fn unlink_in(
    store: impl Store + 'static,
    which: Unlink,
    may_unlink_all: bool,
) -> Result<Account, UnlinkError> {
    let fake = FakePorts::with_store(store);
    Accounts::new(&fake.ports, may_unlink_all)
        .unlink(&fresh(), &which)
        .await
}

#[tokio::test]
async fn the_callers_accounts_are_listed_from_the_oldest() {
    let newer = Account {
        created_at: start() + TimeDelta::seconds(1),
        ..an_account("plain:password1")
    };
    let of_bob = Account {
        user_id: another_user().id,
        ..at("google", "8")
    };
    let fake = FakePorts::with_store(with_accounts(vec![newer, of_bob, at("google", "7")]));
    let listed = Accounts::new(&fake.ports, false)
        .list(&calling(a_user()))
        .await
        .unwrap();
    let providers: Vec<_> = listed
        .iter()
        .map(|account| account.provider_id.as_str())
        .collect();
    assert_eq!(providers, ["google", "credential"]);
}

#[tokio::test]
async fn one_of_several_accounts_is_unlinked() {
    for (which, expected) in [
        (unlink("google", Some("8")), ["account-1", "google-7"]),
        (unlink("google", None), ["account-1", "google-8"]),
        (unlink("credential", None), ["google-7", "google-8"]),
    ] {
        let store = with_accounts(vec![an_account(""), at("google", "7"), at("google", "8")]);
        unlink_in(store.clone(), which, false).await.unwrap();
        assert_eq!(left(&store), expected);
    }
}

#[tokio::test]
async fn the_last_account_stays_even_if_the_request_names_another() {
    for provider in ["credential", "google"] {
        let store = with_accounts(vec![an_account("")]);
        let outcome = unlink_in(store.clone(), unlink(provider, None), false).await;
        assert!(matches!(outcome, Err(UnlinkError::Last)));
        assert_eq!(left(&store), ["account-1"]);
    }
}

#[tokio::test]
async fn the_last_account_can_be_unlinked_if_the_deployment_allows_it() {
    let store = with_accounts(vec![an_account("")]);
    unlink_in(store.clone(), unlink("credential", None), true)
        .await
        .unwrap();
    assert!(left(&store).is_empty());
}

#[tokio::test]
async fn an_account_that_the_caller_does_not_have_is_not_found() {
    for which in [
        unlink("github", None),
        unlink("google", Some("9")),
        unlink("google", Some("")),
    ] {
        let store = with_accounts(vec![an_account(""), at("google", "7")]);
        let outcome = unlink_in(store.clone(), which, true).await;
        assert!(matches!(outcome, Err(UnlinkError::NotFound)));
        assert_eq!(left(&store).len(), 2);
    }
    let outcome = unlink_in(with_accounts(Vec::new()), unlink("credential", None), false).await;
    assert!(matches!(outcome, Err(UnlinkError::NotFound)));
}

#[tokio::test]
async fn unlinking_fails_if_the_caller_was_deleted_meanwhile() {
    let outcome = unlink_in(MemoryStore::default(), unlink("credential", None), true).await;
    assert!(matches!(outcome, Err(UnlinkError::NotFound)));
}

/// Two concurrent requests unlink one account each: the second waits for the first, and then finds one account.
#[tokio::test]
async fn the_user_is_locked_before_the_accounts_are_counted() {
    let mut order = mockall::Sequence::new();
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_lock()
        .once()
        .in_sequence(&mut order)
        .return_once(|_| Ok(Some(a_user())));
    unit.accounts
        .expect_list_by_user()
        .once()
        .in_sequence(&mut order)
        .return_once(|_| Ok(vec![an_account("")]));
    let store = FakeStore::new(Vec::new(), vec![unit]);
    let outcome = unlink_in(store, unlink("credential", None), false).await;
    assert!(matches!(outcome, Err(UnlinkError::Last)));
}

#[tokio::test]
async fn nothing_is_deleted_if_the_store_fails() {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(a_user());
    unit.accounts
        .expect_list_by_user()
        .once()
        .return_once(|_| Ok(vec![an_account(""), at("google", "7")]));
    unit.accounts
        .expect_delete()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let outcome = Accounts::new(&fake.ports, false)
        .unlink(&fresh(), &unlink("google", None))
        .await;
    assert!(matches!(outcome, Err(UnlinkError::Failure(failure)) if failure.is_unavailable()));
    assert!(!fake.store.has_committed());
}

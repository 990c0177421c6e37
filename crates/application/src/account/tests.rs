use portcullis_domain::id::AccountId;

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork,
    fixtures::{a_session, a_user, an_account, calling},
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

/// A unit of work that finds these accounts, and deletes the one with this id.
fn unit(accounts: Vec<Account>, deleted: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_lock()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(Some(a_user())));
    unit.accounts
        .expect_list_by_user()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(move |_| Ok(accounts));
    if let Some(deleted) = deleted {
        unit.accounts
            .expect_delete()
            .withf(move |account| account.as_str() == deleted)
            .once()
            .return_once(|_| Ok(()));
    }
    unit
}

async fn unlink_in(unit: FakeUnitOfWork, which: Unlink, may_unlink_all: bool) -> Result<(), UnlinkError> {
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let outcome = Accounts::new(&fake.ports, may_unlink_all)
        .unlink(&fresh(), &which)
        .await;
    assert_eq!(fake.store.has_committed(), outcome.is_ok());
    outcome
}

#[tokio::test]
async fn the_callers_accounts_are_listed_in_the_stores_order() {
    let mut read = FakeUnitOfWork::default();
    read.accounts
        .expect_list_by_user()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(vec![at("google", "7"), an_account("plain:password1")]));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
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
    let accounts = || vec![an_account(""), at("google", "7"), at("google", "8")];
    for (which, deleted) in [
        (unlink("google", Some("8")), "google-8"),
        (unlink("google", None), "google-7"),
        (unlink("credential", None), "account-1"),
    ] {
        unlink_in(unit(accounts(), Some(deleted)), which, false)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_last_account_stays_even_if_the_request_names_another() {
    for provider in ["credential", "google"] {
        let outcome = unlink_in(unit(vec![an_account("")], None), unlink(provider, None), false).await;
        assert!(matches!(outcome, Err(UnlinkError::Last)));
    }
}

#[tokio::test]
async fn the_last_account_can_be_unlinked_if_the_deployment_allows_it() {
    let unit = unit(vec![an_account("")], Some("account-1"));
    unlink_in(unit, unlink("credential", None), true).await.unwrap();
}

#[tokio::test]
async fn an_account_that_the_caller_does_not_have_is_not_found() {
    let accounts = || vec![an_account(""), at("google", "7")];
    for which in [
        unlink("github", None),
        unlink("google", Some("9")),
        unlink("google", Some("")),
    ] {
        let outcome = unlink_in(unit(accounts(), None), which, true).await;
        assert!(matches!(outcome, Err(UnlinkError::NotFound)));
    }
    let outcome = unlink_in(unit(Vec::new(), None), unlink("credential", None), false).await;
    assert!(matches!(outcome, Err(UnlinkError::NotFound)));
}

#[tokio::test]
async fn unlinking_fails_if_the_caller_was_deleted_meanwhile() {
    let mut unit = FakeUnitOfWork::default();
    unit.users.expect_lock().once().return_once(|_| Ok(None));
    let outcome = unlink_in(unit, unlink("credential", None), true).await;
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
    let outcome = unlink_in(unit, unlink("credential", None), false).await;
    assert!(matches!(outcome, Err(UnlinkError::Last)));
}

#[tokio::test]
async fn nothing_is_deleted_if_the_store_fails() {
    let mut unit = unit(vec![an_account(""), at("google", "7")], None);
    unit.accounts
        .expect_delete()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let outcome = unlink_in(unit, unlink("google", None), false).await;
    assert!(matches!(outcome, Err(UnlinkError::Failure(failure)) if failure.is_unavailable()));
}

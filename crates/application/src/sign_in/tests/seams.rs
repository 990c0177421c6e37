//! Plugins that take part in sign-in with a password.

use portcullis_domain::rate_limit::Decision;

use super::{
    attempts::{attempt, counted},
    *,
};
use crate::testing::{
    fixtures::{a_verified_user, limited_credential_options},
    seams::{challenging, refusing, refusing_verified},
};

async fn outcome(fake: &FakePorts, services: ServiceOptions) -> Outcome {
    let setup = Setup {
        services,
        ..Setup::default()
    };
    let outcome = setup
        .use_case(fake)
        .with_email(command("password1"), &context())
        .await;
    outcome.unwrap()
}

#[tokio::test]
async fn a_refused_sign_in_with_the_right_password_commits_nothing() {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(a_user());
    expect_lock(&mut unit, true);
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    let outcome = outcome(&fake, refusing("REFUSED")).await;
    assert!(matches!(outcome, Outcome::Refused(refusal) if refusal.name == "REFUSED"));
    assert!(!fake.store.has_committed());
}

/// A change of the user that ends sessions must not commit between the check and the start of a session. The row of the
/// user is locked before that of the account, since a guard may change the user.
#[tokio::test]
async fn a_guard_judges_the_locked_user_and_the_user_is_locked_before_the_account() {
    let mut unit = FakeUnitOfWork::default();
    let mut order = mockall::Sequence::new();
    unit.users
        .expect_lock()
        .once()
        .in_sequence(&mut order)
        .return_once(|_| Ok(Some(a_verified_user())));
    unit.accounts
        .expect_lock_if_unchanged()
        .once()
        .in_sequence(&mut order)
        .return_once(|_, _| Ok(true));
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    let outcome = outcome(&fake, refusing_verified("REFUSED")).await;
    assert!(matches!(outcome, Outcome::Refused(refusal) if refusal.name == "REFUSED"));
    assert!(!fake.store.has_committed());
}

/// The row as it was read before the lock may be stale: here, the address was verified meanwhile.
#[tokio::test]
async fn a_second_step_is_asked_about_the_locked_user_and_its_challenge_is_committed() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_lock()
        .once()
        .return_once(|_| Ok(Some(a_verified_user())));
    expect_lock(&mut unit, true);
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    let outcome = outcome(&fake, challenging()).await;
    assert!(matches!(outcome, Outcome::Challenged(challenge) if challenge.effects.tokens.len() == 1));
    assert!(fake.store.has_committed());
}

/// A client that knows only the password has not signed in.
#[tokio::test]
async fn a_challenge_deletes_the_counts_and_makes_no_ip_address_known() {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(a_verified_user());
    expect_lock(&mut unit, true);
    unit.rate_limits
        .expect_delete()
        .times(2)
        .returning(|_deleted| Ok(()));
    unit.known_addresses.expect_remember().never();
    let reads = counted(attempt(Decision::Allowed));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let services = ServiceOptions {
        credentials: limited_credential_options(),
        ..challenging()
    };
    let outcome = outcome(&fake, services).await;
    assert!(matches!(outcome, Outcome::Challenged(_)));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_is_rejected_before_any_second_step() {
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password2"), Vec::new()));
    let setup = Setup {
        services: challenging(),
        ..Setup::default()
    };
    let error = sign_in(&fake, setup, command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
}

#[tokio::test]
async fn a_user_who_was_deleted_meanwhile_is_not_signed_in() {
    for services in [challenging(), refusing("REFUSED")] {
        let mut gone = FakeUnitOfWork::default();
        gone.users.expect_lock().once().return_once(|_| Ok(None));
        let mut reads = reads("plain:password1");
        reads.push(read_account(None));
        let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone]));
        let setup = Setup {
            services,
            ..Setup::default()
        };
        let error = sign_in(&fake, setup, command("password1")).await.unwrap_err();
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert!(!fake.store.has_committed());
    }
}

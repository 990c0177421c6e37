mod attempts;
mod unverified;

use chrono::TimeDelta;
use portcullis_domain::{email::EmailAddress, password::Password};

use super::*;
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::Failure,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{
            FAILED_SIGN_INS, FLOOR, PASSWORD_POLICY, a_user, an_account, message_options, session_options,
            start,
        },
    },
};

fn options() -> SignInOptions {
    SignInOptions {
        enabled: true,
        password: PASSWORD_POLICY,
        session: session_options(),
        refusal_floor: FLOOR,
        failed_sign_ins: None,
        requires_verified_email: false,
        sends_verification_link: true,
        messages: message_options(),
        link_expires_in: TimeDelta::hours(1),
    }
}

/// Options with a limit on failed sign-ins.
fn limited() -> SignInOptions {
    SignInOptions {
        failed_sign_ins: Some(FAILED_SIGN_INS),
        ..options()
    }
}

fn command(password: &str) -> SignInWithEmail {
    SignInWithEmail {
        email: EmailAddress::parse("ada@example.com").unwrap(),
        password: Password::new(password),
        remember_me: true,
        callback_url: Some("/home".to_owned()),
    }
}

fn context() -> RequestContext {
    RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        user_agent: "test".to_owned(),
        ..RequestContext::default()
    }
}

/// A read of a user whose account has this hash. `None`: the user has no credential account.
fn read_user(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .once()
        .return_once(|_| Ok(Some(a_user())));
    unit.accounts
        .expect_find_credential()
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

/// Makes the unit find the compared hash unchanged or changed.
fn expect_lock(unit: &mut FakeUnitOfWork, is_unchanged: bool) {
    unit.accounts
        .expect_lock_if_unchanged()
        .withf(|account, _| *account == an_account("").id)
        .returning(move |_, _| Ok(is_unchanged));
}

fn read_no_user() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users.expect_find_by_email().once().return_once(|_| Ok(None));
    unit
}

/// A unit of work that stores one session.
fn starting_session() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    expect_lock(&mut unit, true);
    unit.sessions.expect_insert().once().return_once(|_| Ok(()));
    unit
}

async fn sign_in(
    fake: &FakePorts,
    options: SignInOptions,
    command: SignInWithEmail,
) -> Result<Entered, SignInError> {
    SignIn::new(&fake.ports, options)
        .with_email(command, &context())
        .await
}

#[tokio::test]
async fn the_right_password_starts_a_session_with_the_clients_ip_address() {
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some("plain:password1"))],
        vec![starting_session()],
    ));
    let entered = sign_in(&fake, options(), command("password1")).await.unwrap();
    assert_eq!(entered.user, a_user());
    assert_eq!(entered.session.user_id, a_user().id);
    assert_eq!(entered.session.expires_at, start() + TimeDelta::days(7));
    assert_eq!(entered.session.ip_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(entered.session.user_agent.as_deref(), Some("test"));
    let SessionEffect::Store {
        active_session,
        lifetime,
    } = entered.effect
    else {
        panic!("the client stores the session: {:?}", entered.effect);
    };
    assert_eq!(
        active_session.session.token.expose(),
        entered.session.token.expose()
    );
    assert_eq!(
        (active_session.user.clone(), lifetime),
        (a_user(), Some(TimeDelta::days(7)))
    );
    assert!(fake.store.has_committed());
    assert!(fake.clock.slept().is_empty());
}

#[tokio::test]
async fn a_session_that_is_not_remembered_ends_after_a_day_or_with_the_browser() {
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some("plain:password1"))],
        vec![starting_session()],
    ));
    let command = SignInWithEmail {
        remember_me: false,
        ..command("password1")
    };
    let entered = sign_in(&fake, options(), command).await.unwrap();
    assert_eq!(entered.session.expires_at, start() + TimeDelta::days(1));
    assert!(matches!(
        entered.effect,
        SessionEffect::Store { lifetime: None, .. }
    ));
}

#[tokio::test]
async fn sessions_over_the_limit_end_in_the_same_unit_of_work() {
    let mut unit = FakeUnitOfWork::default();
    expect_lock(&mut unit, true);
    let mut order = mockall::Sequence::new();
    unit.sessions
        .expect_insert()
        .once()
        .in_sequence(&mut order)
        .return_once(|_| Ok(()));
    unit.sessions
        .expect_delete_oldest()
        .withf(|new, others, limit| new.user_id == a_user().id && (*others, *limit) == (2, 100))
        .once()
        .in_sequence(&mut order)
        .return_once(|_, _, _| Ok(()));
    let mut options = options();
    options.session.max_per_user = std::num::NonZeroU32::new(3);
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some("plain:password1"))],
        vec![unit],
    ));
    sign_in(&fake, options, command("password1")).await.unwrap();
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_stale_hash_is_replaced_in_the_same_unit_of_work() {
    let mut unit = starting_session();
    unit.accounts
        .expect_replace_hash()
        .withf(|account, from, to, now| {
            account == &an_account("").id
                && (from.expose(), to.expose()) == ("stale:password1", "plain:password1")
                && *now == start()
        })
        .once()
        .return_once(|_, _, _, _| Ok(true));
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some("stale:password1"))],
        vec![unit],
    ));
    assert!(sign_in(&fake, options(), command("password1")).await.is_ok());
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_no_password_and_no_user_get_the_same_error_work_and_time() {
    for read in [
        read_user(Some("plain:password1")),
        read_user(None),
        read_no_user(),
    ] {
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let error = sign_in(&fake, options(), command("password2")).await.unwrap_err();
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert_eq!(fake.hasher.work(), 1);
        assert_eq!(fake.clock.slept(), [FLOOR]);
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_password_that_is_too_long_is_rejected_before_hashing() {
    let fake = FakePorts::with_store(FakeStore::default());
    let error = sign_in(&fake, options(), command(&"x".repeat(129)))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::PasswordTooLong));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn sign_in_is_rejected_if_it_is_disabled() {
    let fake = FakePorts::with_store(FakeStore::default());
    let off = SignInOptions {
        enabled: false,
        ..options()
    };
    let error = sign_in(&fake, off, command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::Disabled));
}

#[tokio::test]
async fn a_failing_store_is_reported_without_the_minimum_time() {
    let mut read = FakeUnitOfWork::default();
    read.users
        .expect_find_by_email()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
    let error = sign_in(&fake, options(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::Failure(failure) if failure.is_unavailable()));
    assert!(fake.clock.slept().is_empty());
}

#[tokio::test]
async fn nothing_is_committed_if_the_session_cannot_be_stored() {
    let mut unit = FakeUnitOfWork::default();
    expect_lock(&mut unit, true);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable").into()));
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_user(Some("plain:password1"))],
        vec![unit],
    ));
    assert!(sign_in(&fake, options(), command("password1")).await.is_err());
    assert!(!fake.store.has_committed());
}

/// A concurrent change of the password takes precedence: no session starts with the old password.
#[tokio::test]
async fn a_password_that_was_changed_meanwhile_is_rejected() {
    let mut gone = FakeUnitOfWork::default();
    expect_lock(&mut gone, false);
    let reads = vec![
        read_user(Some("plain:password1")),
        read_user(Some("plain:password9")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone]));
    let error = sign_in(&fake, options(), command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_hash_that_was_rehashed_meanwhile_signs_in_at_the_second_comparison() {
    let mut gone = FakeUnitOfWork::default();
    expect_lock(&mut gone, false);
    let reads = vec![
        read_user(Some("plain:password1")),
        read_user(Some("plain:password1")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone, starting_session()]));
    assert!(sign_in(&fake, options(), command("password1")).await.is_ok());
    assert!(fake.store.has_committed());
}

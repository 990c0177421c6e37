mod attempts;
mod seams;
mod unverified;

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{email::EmailAddress, password::Password, user::User};

use super::{
    completion::{Completed, Outcome},
    *,
};
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::Failure,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, ServiceOptions, Services,
        fixtures::{FLOOR, a_user, an_account, message_options, start},
    },
};

/// Options of all objects that take part.
#[derive(Clone)]
struct Setup {
    is_enabled: bool,
    passwords: PasswordSignInOptions,
    services: ServiceOptions,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            is_enabled: true,
            passwords: password_options(),
            services: ServiceOptions::default(),
        }
    }
}

impl Setup {
    fn use_case(self, fake: &FakePorts) -> SignIn {
        let (completion, credentials) = Services::new(&fake.ports, self.services).share();
        let passwords = PasswordSignIn::new(&fake.ports, completion, credentials, self.passwords);
        let options = SignInOptions {
            enabled: self.is_enabled,
        };
        SignIn::new(&fake.ports, Arc::new(passwords), options)
    }
}

fn password_options() -> PasswordSignInOptions {
    PasswordSignInOptions {
        requires_verified_email: false,
        sends_verification_link: true,
        messages: message_options(),
        link_expires_in: TimeDelta::hours(1),
    }
}

fn command(password: &str) -> SignInWithEmail {
    SignInWithEmail {
        email: EmailAddress::parse("ada@example.com").unwrap(),
        request: PasswordRequest {
            password: Password::new(password),
            remember_me: true,
            callback_url: Some("/home".to_owned()),
        },
    }
}

fn context() -> RequestContext {
    RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        user_agent: "test".to_owned(),
        ..RequestContext::default()
    }
}

/// A look-up of the user by the e-mail address.
fn read_user(user: Option<User>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| email.as_str() == "ada@example.com")
        .once()
        .return_once(|_| Ok(user));
    unit
}

/// A read of the user's account, which has this hash. `None`: the user has no credential account.
fn read_account(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.accounts
        .expect_find_credential()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

/// Reads of a user whose account has this hash.
fn reads(hash: &'static str) -> Vec<FakeUnitOfWork> {
    vec![read_user(Some(a_user())), read_account(Some(hash))]
}

/// Makes the unit find the compared hash unchanged or changed.
fn expect_lock(unit: &mut FakeUnitOfWork, is_unchanged: bool) {
    unit.accounts
        .expect_lock_if_unchanged()
        .withf(|account, _| *account == an_account("").id)
        .returning(move |_, _| Ok(is_unchanged));
}

/// A unit of work that stores one session.
fn starting_session() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    expect_lock(&mut unit, true);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit
}

async fn sign_in(
    fake: &FakePorts,
    setup: Setup,
    command: SignInWithEmail,
) -> Result<Box<Completed>, SignInError> {
    match setup.use_case(fake).with_email(command, &context()).await? {
        Outcome::Completed(completed) => Ok(completed),
        other => panic!("the user is signed in: {other:?}"),
    }
}

#[tokio::test]
async fn the_right_password_starts_a_session_with_the_clients_ip_address() {
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![starting_session()]));
    let signed_in = sign_in(&fake, Setup::default(), command("password1"))
        .await
        .unwrap();
    assert_eq!(signed_in.user, a_user());
    assert_eq!(signed_in.session.user_id, a_user().id);
    assert_eq!(signed_in.session.expires_at, start() + TimeDelta::days(7));
    assert_eq!(signed_in.session.ip_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(signed_in.session.user_agent.as_deref(), Some("test"));
    let SessionEffect::Store {
        active_session,
        lifetime,
    } = signed_in.effects.session
    else {
        panic!("the client stores the session: {:?}", signed_in.effects.session);
    };
    assert_eq!(
        active_session.session.token.expose(),
        signed_in.session.token.expose()
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
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![starting_session()]));
    let mut command = command("password1");
    command.request.remember_me = false;
    let signed_in = sign_in(&fake, Setup::default(), command).await.unwrap();
    assert_eq!(signed_in.session.expires_at, start() + TimeDelta::days(1));
    assert!(matches!(
        signed_in.effects.session,
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
        .return_once(|row| Ok(row.clone()));
    unit.sessions
        .expect_delete_oldest()
        .withf(|new, others, limit| new.user_id == a_user().id && (*others, *limit) == (2, 100))
        .once()
        .in_sequence(&mut order)
        .return_once(|_, _, _| Ok(()));
    let mut limited = Setup::default();
    limited.services.sessions.max_per_user = std::num::NonZeroU32::new(3);
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    sign_in(&fake, limited, command("password1")).await.unwrap();
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
    let fake = FakePorts::with_store(FakeStore::new(reads("stale:password1"), vec![unit]));
    assert!(
        sign_in(&fake, Setup::default(), command("password1"))
            .await
            .is_ok()
    );
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_no_password_and_no_user_get_the_same_error_work_and_time() {
    for reads in [
        reads("plain:password1"),
        vec![read_user(Some(a_user())), read_account(None)],
        vec![read_user(None)],
    ] {
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let error = sign_in(&fake, Setup::default(), command("password2"))
            .await
            .unwrap_err();
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert_eq!(fake.hasher.work(), 1);
        assert_eq!(fake.clock.slept(), [FLOOR]);
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_password_that_is_too_long_is_rejected_before_hashing() {
    let fake = FakePorts::with_store(FakeStore::default());
    let error = sign_in(&fake, Setup::default(), command(&"x".repeat(129)))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::PasswordTooLong));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn sign_in_is_rejected_if_it_is_disabled() {
    let fake = FakePorts::with_store(FakeStore::default());
    let off = Setup {
        is_enabled: false,
        ..Setup::default()
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
    let error = sign_in(&fake, Setup::default(), command("password1"))
        .await
        .unwrap_err();
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
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    assert!(
        sign_in(&fake, Setup::default(), command("password1"))
            .await
            .is_err()
    );
    assert!(!fake.store.has_committed());
}

/// A concurrent change of the password takes precedence: no session starts with the old password.
#[tokio::test]
async fn a_password_that_was_changed_meanwhile_is_rejected() {
    let mut gone = FakeUnitOfWork::default();
    expect_lock(&mut gone, false);
    let mut reads = reads("plain:password1");
    reads.push(read_account(Some("plain:password9")));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone]));
    let error = sign_in(&fake, Setup::default(), command("password1"))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::InvalidCredentials));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_hash_that_was_rehashed_meanwhile_signs_in_at_the_second_comparison() {
    let mut gone = FakeUnitOfWork::default();
    expect_lock(&mut gone, false);
    let mut reads = reads("plain:password1");
    reads.push(read_account(Some("plain:password1")));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone, starting_session()]));
    assert!(
        sign_in(&fake, Setup::default(), command("password1"))
            .await
            .is_ok()
    );
    assert!(fake.store.has_committed());
}

use chrono::TimeDelta;
use portcullis_domain::{
    password::PasswordRejection,
    rate_limit::{Decision, Denied},
};

use super::*;
use crate::{
    ports::Failure,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, Outbox, ServiceOptions, Services,
        fixtures::{
            FLOOR, a_user, a_verified_user, an_account, calling, limited_credential_options, message_options,
            silent_message_options, start,
        },
        seams::{refusing, refusing_verified},
    },
};

fn passwords(fake: &FakePorts, options: ServiceOptions, messages: MessageOptions) -> Passwords {
    let (completion, credentials) = Services::new(&fake.ports, options).share();
    Passwords::new(&fake.ports, completion, credentials, messages)
}

/// Use cases without a limit on attempts, and without messages.
fn unlimited(fake: &FakePorts) -> Passwords {
    passwords(fake, ServiceOptions::default(), silent_message_options())
}

fn limited(fake: &FakePorts) -> Passwords {
    let options = ServiceOptions {
        credentials: limited_credential_options(),
        ..ServiceOptions::default()
    };
    passwords(fake, options, silent_message_options())
}

fn notifying(fake: &FakePorts) -> Passwords {
    passwords(fake, ServiceOptions::default(), message_options())
}

fn caller() -> StrictCaller {
    calling(a_user())
}

fn command(current: &str, new: &str) -> ChangePassword {
    ChangePassword {
        current: Password::new(current),
        new: Password::new(new),
        revoke_other_sessions: false,
        remembered: true,
    }
}

fn read_account(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.accounts
        .expect_find_credential()
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

/// A unit of work that replaces the hash, or finds that another request already did.
fn replacement(wins: bool) -> FakeUnitOfWork {
    replacement_of(a_user(), wins)
}

/// The same for a user who is this one when the row is locked.
fn replacement_of(user: User, wins: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(user);
    unit.known_addresses.expect_delete_by_user().returning(|_| Ok(()));
    unit.verifications
        .expect_revoke()
        .withf(|event, user| (*event, user) == (RevokingEvent::PasswordChange, &a_user().id))
        .once()
        .return_once(|_, _| Ok(()));
    unit.accounts
        .expect_replace_hash()
        .withf(|account, from, to, now| {
            *account == an_account("").id
                && (from.expose(), to.expose()) == ("plain:password1", "plain:password2")
                && *now == start()
        })
        .once()
        .return_once(move |_, _, _, _| Ok(wins));
    unit
}

fn fake(read: FakeUnitOfWork, units: Vec<FakeUnitOfWork>) -> FakePorts {
    FakePorts::with_store(FakeStore::new(vec![read], units))
}

async fn change(fake: &FakePorts, command: ChangePassword) -> Result<Changed, PasswordError> {
    unlimited(fake)
        .change(&caller(), command, &RequestContext::default())
        .await
}

#[tokio::test]
async fn a_caller_with_the_password_changes_it_and_keeps_every_session() {
    let fake = fake(read_account(Some("plain:password1")), vec![replacement(true)]);
    let changed = change(&fake, command("password1", "password2")).await.unwrap();
    assert_eq!(changed.user, a_user());
    assert!(matches!(changed.effects.session, SessionEffect::Unchanged));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn on_request_all_sessions_are_revoked_and_a_new_one_starts() {
    let mut unit = replacement(true);
    unit.sessions
        .expect_delete_by_user()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .withf(|session| session.token.expose() != "token-1")
        .once()
        .return_once(|row| Ok(row.clone()));
    let fake = fake(read_account(Some("plain:password1")), vec![unit]);
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let changed = change(&fake, asked).await.unwrap();
    assert!(
        matches!(changed.effects.session, SessionEffect::Store { lifetime: Some(life), .. } if life == TimeDelta::days(7))
    );
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_changes_nothing_and_takes_the_minimum_time() {
    let fake = fake(read_account(Some("plain:password1")), Vec::new());
    let error = change(&fake, command("password0", "password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, PasswordError::Wrong));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    assert!(!fake.store.has_committed());
}

/// The second read decides: the same password was rehashed, or another password was set.
#[tokio::test]
async fn a_hash_that_was_replaced_meanwhile_is_compared_again() {
    for (found, is_changed) in [("plain:password1", true), ("plain:password9", false)] {
        let reads = vec![read_account(Some("plain:password1")), read_account(Some(found))];
        let mut units = vec![replacement(false)];
        units.extend(is_changed.then(|| replacement(true)));
        let fake = FakePorts::with_store(FakeStore::new(reads, units));
        let outcome = change(&fake, command("password1", "password2")).await;
        assert_eq!(outcome.is_ok(), is_changed, "{found}");
        assert!(is_changed || matches!(outcome, Err(PasswordError::Wrong)));
        assert_eq!(fake.store.has_committed(), is_changed);
    }
}

#[tokio::test]
async fn an_attempt_over_the_limit_is_rejected_before_hashing() {
    let mut read = FakeUnitOfWork::default();
    let denied = Denied { retry_after: 9 };
    read.rate_limits
        .expect_count()
        .once()
        .return_once(move |_, _, _| Ok(Decision::Denied(denied)));
    read.known_addresses
        .expect_is_known()
        .once()
        .return_once(|_, _, _| Ok(false));
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_account(Some("plain:password1")), read],
        Vec::new(),
    ));
    let outcome = limited(&fake)
        .verify(&caller(), &Password::new("password1"), &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::TooManyAttempts(reported)) if reported == denied));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn lengths_are_checked_before_anything_is_read() {
    let long = "x".repeat(129);
    for (current, new, length) in [
        ("password1", "1234567", PasswordRejection::TooShort),
        ("password1", long.as_str(), PasswordRejection::TooLong),
        (long.as_str(), "password2", PasswordRejection::TooLong),
    ] {
        let fake = FakePorts::with_store(FakeStore::default());
        let error = change(&fake, command(current, new)).await.unwrap_err();
        assert!(matches!(error, PasswordError::Rejected(refusal) if refusal == length));
        assert_eq!(fake.hasher.work(), 0);
    }
}

#[tokio::test]
async fn a_change_is_rejected_if_the_user_has_no_password() {
    let fake = fake(read_account(None), Vec::new());
    let error = change(&fake, command("password1", "password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, PasswordError::NoCredential));
}

#[tokio::test]
async fn a_right_password_is_verified_and_every_rejection_takes_the_same_work_and_time() {
    let verify = async |fake: &FakePorts, password: &str| {
        unlimited(fake)
            .verify(&caller(), &Password::new(password), &RequestContext::default())
            .await
    };
    let right = fake(read_account(Some("plain:password1")), Vec::new());
    assert!(verify(&right, "password1").await.is_ok());
    assert!(right.clock.slept().is_empty());

    for read in [read_account(Some("plain:password1")), read_account(None)] {
        let fake = fake(read, Vec::new());
        assert!(matches!(
            verify(&fake, "password2").await,
            Err(PasswordError::Wrong)
        ));
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
    }
    let long = FakePorts::with_store(FakeStore::default());
    assert!(matches!(
        verify(&long, &"x".repeat(129)).await,
        Err(PasswordError::Rejected(_))
    ));
}

/// A user who is notified can react if an attacker changed the password.
#[tokio::test]
async fn a_user_is_notified_if_and_only_if_the_password_was_changed() {
    let outbox = Outbox::default();
    for wins in [false, true] {
        let mut unit = replacement(wins);
        outbox.serve(&mut unit);
        let mut reads = vec![read_account(Some("plain:password1"))];
        reads.extend((!wins).then(|| read_account(Some("plain:password9"))));
        let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
        let outcome = notifying(&fake)
            .change(
                &caller(),
                command("password1", "password2"),
                &RequestContext::default(),
            )
            .await;
        assert_eq!(
            (outcome.is_ok(), outbox.messages().len()),
            (wins, usize::from(wins))
        );
    }
    let notice = &outbox.messages()[0];
    assert_eq!(
        (notice.kind, &notice.to),
        (MessageKind::PasswordChanged, &a_user().email.into())
    );
    assert!(notice.link().is_none() && notice.expires_at.is_none());
}

#[tokio::test]
async fn if_the_new_session_cannot_be_stored_the_password_stays_and_no_notice_is_sent() {
    let outbox = Outbox::default();
    let mut unit = replacement(true);
    outbox.serve(&mut unit);
    unit.sessions.expect_delete_by_user().return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .return_once(|_| Err(Failure::unavailable("unreachable").into()));
    let fake = fake(read_account(Some("plain:password1")), vec![unit]);
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let outcome = notifying(&fake)
        .change(&caller(), asked, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::Failure(_))));
    assert!(outbox.messages().is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn a_right_password_deletes_the_counts_of_failures() {
    let counting = || {
        let mut unit = FakeUnitOfWork::default();
        unit.rate_limits
            .expect_count()
            .once()
            .return_once(|_, _, _| Ok(Decision::Allowed));
        unit
    };
    let context = RequestContext::default();

    let mut success = FakeUnitOfWork::default();
    success.expect_forgotten_failures("");
    let reads = vec![read_account(Some("plain:password1")), counting(), success];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let password = Password::new("password1");
    limited(&fake)
        .verify(&caller(), &password, &context)
        .await
        .unwrap();

    let mut unit = replacement(true);
    unit.expect_forgotten_failures("");
    let reads = vec![read_account(Some("plain:password1")), counting()];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let asked = command("password1", "password2");
    limited(&fake).change(&caller(), asked, &context).await.unwrap();
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_caller_who_may_not_have_a_new_session_keeps_the_password_and_the_sessions() {
    let mut unit = replacement(true);
    unit.sessions.expect_delete_by_user().return_once(|_| Ok(()));
    let fake = fake(read_account(Some("plain:password1")), vec![unit]);
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let outcome = passwords(&fake, refusing("REFUSED"), silent_message_options())
        .change(&caller(), asked, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::SessionRefused(refusal)) if refusal.name == "REFUSED"));
    assert!(!fake.store.has_committed());
}

/// The caller's row may have changed since it was read: here, the address was verified meanwhile.
#[tokio::test]
async fn a_guard_judges_the_locked_user_before_a_new_session_starts() {
    let mut unit = replacement_of(a_verified_user(), true);
    unit.sessions.expect_delete_by_user().return_once(|_| Ok(()));
    let fake = fake(read_account(Some("plain:password1")), vec![unit]);
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let outcome = passwords(&fake, refusing_verified("REFUSED"), silent_message_options())
        .change(&caller(), asked, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::SessionRefused(refusal)) if refusal.name == "REFUSED"));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn the_password_of_a_user_who_was_deleted_meanwhile_is_not_changed() {
    let mut gone = FakeUnitOfWork::default();
    gone.users.expect_lock().once().return_once(|_| Ok(None));
    let reads = vec![read_account(Some("plain:password1")), read_account(None)];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![gone]));
    let error = change(&fake, command("password1", "password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, PasswordError::NoCredential));
    assert!(!fake.store.has_committed());
}

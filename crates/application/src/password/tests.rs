use chrono::TimeDelta;
use portcullis_domain::{password::PasswordRejection, rate_limit::Refused};

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork, Outbox,
    fixtures::{
        FAILED_SIGN_INS, FLOOR, PASSWORD_POLICY, a_user, an_account, calling, message_options,
        session_options, silent_message_options, start,
    },
};

fn options() -> PasswordOptions {
    PasswordOptions {
        policy: PASSWORD_POLICY,
        session: session_options(),
        refusal_floor: FLOOR,
        failed_sign_ins: None,
        messages: silent_message_options(),
    }
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

fn look(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.accounts
        .expect_find_credential()
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

/// A unit of work in which the hash is replaced, or was already by somebody else.
fn replacement(wins: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.holds(a_user());
    unit.known_addresses.expect_delete_by_user().returning(|_| Ok(()));
    unit.verifications
        .expect_delete_by_user()
        .withf(|purposes, user| (purposes, user) == (&Purpose::ENDED_BY_PASSWORD[..], &a_user().id))
        .once()
        .return_once(|_, _| Ok(()));
    unit.accounts
        .expect_replace_password()
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
    FakePorts::around(FakeStore::new(vec![read], units))
}

async fn change(fake: &FakePorts, command: ChangePassword) -> Result<Changed, PasswordError> {
    Passwords::new(&fake.ports, options())
        .change(&caller(), command, &RequestContext::default())
        .await
}

#[tokio::test]
async fn whoever_knows_the_password_changes_it_and_keeps_every_session() {
    let fake = fake(look(Some("plain:password1")), vec![replacement(true)]);
    let changed = change(&fake, command("password1", "password2")).await.unwrap();
    assert_eq!(changed.user, a_user());
    assert!(matches!(changed.effect, SessionEffect::None));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn if_so_asked_every_session_ends_and_a_new_one_begins() {
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
        .return_once(|_| Ok(()));
    let fake = fake(look(Some("plain:password1")), vec![unit]);
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let changed = change(&fake, asked).await.unwrap();
    assert!(
        matches!(changed.effect, SessionEffect::Keep { lifetime: Some(life), .. } if life == TimeDelta::days(7))
    );
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_changes_nothing_and_waits_for_the_floor() {
    let fake = fake(look(Some("plain:password1")), Vec::new());
    let error = change(&fake, command("password0", "password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, PasswordError::Wrong));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    assert!(!fake.store.has_committed());
}

/// What a second look finds decides: the same password in another form, or another password.
#[tokio::test]
async fn a_hash_that_was_replaced_meanwhile_is_compared_anew() {
    for (found, is_changed) in [("plain:password1", true), ("plain:password9", false)] {
        let reads = vec![look(Some("plain:password1")), look(Some(found))];
        let mut units = vec![replacement(false)];
        units.extend(is_changed.then(|| replacement(true)));
        let fake = FakePorts::around(FakeStore::new(reads, units));
        let outcome = change(&fake, command("password1", "password2")).await;
        assert_eq!(outcome.is_ok(), is_changed, "{found}");
        assert!(is_changed || matches!(outcome, Err(PasswordError::Wrong)));
        assert_eq!(fake.store.has_committed(), is_changed);
    }
}

#[tokio::test]
async fn whoever_may_try_no_more_is_refused_before_any_comparison() {
    let mut read = FakeUnitOfWork::default();
    let refused = Refused { retry_after: 9 };
    read.rate_limits
        .expect_admit()
        .once()
        .return_once(move |_, _, _| Ok(Some(refused)));
    read.known_addresses
        .expect_is_known()
        .once()
        .return_once(|_, _, _| Ok(false));
    let fake = FakePorts::around(FakeStore::new(
        vec![look(Some("plain:password1")), read],
        Vec::new(),
    ));
    let limited = PasswordOptions {
        failed_sign_ins: Some(FAILED_SIGN_INS),
        ..options()
    };
    let passwords = Passwords::new(&fake.ports, limited);
    let outcome = passwords
        .verify(&caller(), &Password::new("password1"), &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::TooManyAttempts(told)) if told == refused));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn lengths_are_judged_before_anything_is_looked_at() {
    let long = "x".repeat(129);
    for (current, new, length) in [
        ("password1", "1234567", PasswordRejection::TooShort),
        ("password1", long.as_str(), PasswordRejection::TooLong),
        (long.as_str(), "password2", PasswordRejection::TooLong),
    ] {
        let fake = FakePorts::around(FakeStore::default());
        let error = change(&fake, command(current, new)).await.unwrap_err();
        assert!(matches!(error, PasswordError::Rejected(refusal) if refusal == length));
        assert_eq!(fake.hasher.work(), 0);
    }
}

#[tokio::test]
async fn without_a_password_there_is_nothing_to_change() {
    let fake = fake(look(None), Vec::new());
    let error = change(&fake, command("password1", "password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, PasswordError::NoCredential));
}

#[tokio::test]
async fn a_password_is_shown_again_and_every_refusal_is_the_same_work_and_time() {
    let verify = async |fake: &FakePorts, password: &str| {
        Passwords::new(&fake.ports, options())
            .verify(&caller(), &Password::new(password), &RequestContext::default())
            .await
    };
    let right = fake(look(Some("plain:password1")), Vec::new());
    assert!(verify(&right, "password1").await.is_ok());
    assert!(right.clock.slept().is_empty());

    for read in [look(Some("plain:password1")), look(None)] {
        let fake = fake(read, Vec::new());
        assert!(matches!(
            verify(&fake, "password2").await,
            Err(PasswordError::Wrong)
        ));
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
    }
    let long = FakePorts::around(FakeStore::default());
    assert!(matches!(
        verify(&long, &"x".repeat(129)).await,
        Err(PasswordError::Rejected(_))
    ));
}

/// Somebody who is told of it can still do something, should it be somebody else's doing.
#[tokio::test]
async fn whoever_has_another_password_is_told_if_and_only_if_it_was_changed() {
    let telling = || PasswordOptions {
        messages: message_options(),
        ..options()
    };
    let outbox = Outbox::default();
    for wins in [false, true] {
        let mut unit = replacement(wins);
        outbox.serve(&mut unit);
        let mut reads = vec![look(Some("plain:password1"))];
        reads.extend((!wins).then(|| look(Some("plain:password9"))));
        let fake = FakePorts::around(FakeStore::new(reads, vec![unit]));
        let outcome = Passwords::new(&fake.ports, telling())
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
        (MessageKind::PasswordChanged, &a_user().email)
    );
    assert!(notice.link.is_none() && notice.expires_at.is_none());
}

#[tokio::test]
async fn a_new_session_that_cannot_be_stored_leaves_the_password_and_tells_nobody() {
    let outbox = Outbox::default();
    let mut unit = replacement(true);
    outbox.serve(&mut unit);
    unit.sessions.expect_delete_by_user().return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .return_once(|_| Err(Failure::unavailable("away").into()));
    let fake = fake(look(Some("plain:password1")), vec![unit]);
    let telling = PasswordOptions {
        messages: message_options(),
        ..options()
    };
    let asked = ChangePassword {
        revoke_other_sessions: true,
        ..command("password1", "password2")
    };
    let outcome = Passwords::new(&fake.ports, telling)
        .change(&caller(), asked, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(PasswordError::Failure(_))));
    assert!(outbox.messages().is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn whoever_knows_the_password_has_failed_at_nothing() {
    let counting = || {
        let mut unit = FakeUnitOfWork::default();
        unit.rate_limits
            .expect_admit()
            .once()
            .return_once(|_, _, _| Ok(None));
        unit
    };
    let limited = || PasswordOptions {
        failed_sign_ins: Some(FAILED_SIGN_INS),
        ..options()
    };
    let context = RequestContext::default();

    let mut success = FakeUnitOfWork::default();
    success.expect_forgotten_failures("");
    let reads = vec![look(Some("plain:password1")), counting(), success];
    let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
    let passwords = Passwords::new(&fake.ports, limited());
    let password = Password::new("password1");
    passwords.verify(&caller(), &password, &context).await.unwrap();

    let mut unit = replacement(true);
    unit.expect_forgotten_failures("");
    let reads = vec![look(Some("plain:password1")), counting()];
    let fake = FakePorts::around(FakeStore::new(reads, vec![unit]));
    let passwords = Passwords::new(&fake.ports, limited());
    let asked = command("password1", "password2");
    passwords.change(&caller(), asked, &context).await.unwrap();
    assert!(fake.store.has_committed());
}

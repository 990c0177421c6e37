use chrono::TimeDelta;
use portcullis_domain::{
    password::PasswordLength,
    rate_limit::{Refused, Rule},
};

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork,
    fixtures::{PASSWORD_POLICY, SESSION_POLICY, a_session, a_user, an_account, start},
};

const OPTIONS: PasswordOptions = PasswordOptions {
    policy: PASSWORD_POLICY,
    session: SESSION_POLICY,
    refusal_floor: Duration::from_millis(300),
    failed_sign_ins: None,
};

fn caller() -> StrictCaller {
    StrictCaller::pretended(a_session(), a_user())
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
    Passwords::new(&fake.ports, OPTIONS)
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
    assert_eq!(fake.clock.slept(), [OPTIONS.refusal_floor]);
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
    let fake = fake(read, Vec::new());
    let options = PasswordOptions {
        failed_sign_ins: Some(FailedSignIns {
            rule: Rule {
                window: TimeDelta::minutes(15),
                max: 20,
            },
            known_for: TimeDelta::days(30),
        }),
        ..OPTIONS
    };
    let passwords = Passwords::new(&fake.ports, options);
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
        ("password1", "1234567", PasswordLength::TooShort),
        ("password1", long.as_str(), PasswordLength::TooLong),
        (long.as_str(), "password2", PasswordLength::TooLong),
    ] {
        let fake = FakePorts::around(FakeStore::default());
        let error = change(&fake, command(current, new)).await.unwrap_err();
        assert!(matches!(error, PasswordError::Length(refusal) if refusal == length));
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
        Passwords::new(&fake.ports, OPTIONS)
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
        assert_eq!(
            (fake.hasher.work(), fake.clock.slept()),
            (1, vec![OPTIONS.refusal_floor])
        );
    }
    let long = FakePorts::around(FakeStore::default());
    assert!(matches!(
        verify(&long, &"x".repeat(129)).await,
        Err(PasswordError::Length(_))
    ));
}

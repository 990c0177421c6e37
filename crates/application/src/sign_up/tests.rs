use chrono::TimeDelta;

use super::*;
use crate::{
    client_token::SessionEffect,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{PASSWORD_POLICY, SESSION_POLICY, a_user, start},
    },
};

const OPTIONS: SignUpOptions = SignUpOptions {
    enabled: true,
    password: PASSWORD_POLICY,
    session: SESSION_POLICY,
};

fn command(password: &str) -> SignUpWithEmail {
    SignUpWithEmail {
        name: "Ada".to_owned(),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        password: Password::new(password),
        image: Some("/ada.png".to_owned()),
        remember_me: true,
    }
}

fn look(taken: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| email.as_str() == "ada@example.com")
        .once()
        .return_once(move |_| Ok(taken.then(a_user)));
    unit
}

async fn sign_up(fake: &FakePorts, options: SignUpOptions, password: &str) -> Result<Entered, SignUpError> {
    SignUp::new(&fake.ports, options)
        .with_email(command(password), &RequestContext::default())
        .await
}

#[tokio::test]
async fn a_user_an_account_and_a_session_are_stored_together() {
    let mut unit = FakeUnitOfWork::default();
    unit.users.expect_insert().once().return_once(|_| Ok(()));
    unit.accounts
        .expect_insert()
        .withf(|account| {
            account.account_id == account.user_id.as_str()
                && account.provider_id == "credential"
                && account
                    .password
                    .as_ref()
                    .is_some_and(|hash| hash.expose() == "plain:password1")
        })
        .once()
        .return_once(|_| Ok(()));
    unit.sessions.expect_insert().once().return_once(|_| Ok(()));
    let fake = FakePorts::around(FakeStore::new(vec![look(false)], vec![unit]));

    let entered = sign_up(&fake, OPTIONS, "password1").await.unwrap();

    let user = User {
        id: entered.user.id.clone(),
        image: Some("/ada.png".to_owned()),
        ..a_user()
    };
    assert_eq!(entered.user, user);
    assert_eq!(entered.session.user_id, user.id);
    assert_eq!(entered.session.expires_at, start() + TimeDelta::days(7));
    assert!(matches!(
        entered.effect,
        SessionEffect::Keep {
            lifetime: Some(_),
            ..
        }
    ));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_taken_address_is_refused_before_hashing() {
    let fake = FakePorts::around(FakeStore::new(vec![look(true)], Vec::new()));
    let error = sign_up(&fake, OPTIONS, "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::EmailTaken));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn whoever_loses_the_race_for_an_address_is_told_the_same_and_leaves_nothing() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::UserEmail)));
    let fake = FakePorts::around(FakeStore::new(vec![look(false)], vec![unit]));
    let error = sign_up(&fake, OPTIONS, "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::EmailTaken));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn two_equal_tokens_are_an_accident_and_no_taken_address() {
    let mut unit = FakeUnitOfWork::default();
    unit.users.expect_insert().once().return_once(|_| Ok(()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::SessionToken)));
    let fake = FakePorts::around(FakeStore::new(vec![look(false)], vec![unit]));
    let error = sign_up(&fake, OPTIONS, "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::Failure(failure) if !failure.is_unavailable()));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_password_outside_the_policy_is_refused_before_anything_is_looked_at() {
    for (password, length) in [
        ("1234567".to_owned(), PasswordLength::TooShort),
        ("x".repeat(129), PasswordLength::TooLong),
    ] {
        let fake = FakePorts::around(FakeStore::default());
        let error = sign_up(&fake, OPTIONS, &password).await.unwrap_err();
        assert!(matches!(error, SignUpError::Password(refusal) if refusal == length));
    }
}

#[tokio::test]
async fn where_it_is_off_nobody_signs_up() {
    let fake = FakePorts::around(FakeStore::default());
    let options = SignUpOptions {
        enabled: false,
        ..OPTIONS
    };
    assert!(matches!(
        sign_up(&fake, options, "password1").await,
        Err(SignUpError::Disabled)
    ));
}

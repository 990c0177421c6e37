mod names;

use chrono::TimeDelta;
use portcullis_domain::{
    password::Password,
    rate_limit::{Decision, Denied},
    user::User,
};

use super::*;
use crate::{
    sign_in::{PasswordSignInOptions, SignInError},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, ServiceOptions, Services,
        fixtures::{FLOOR, a_user, a_verified_user, an_account, limited_credential_options, message_options},
        seams::challenging,
    },
};

const POLICY: UsernamePolicy = UsernamePolicy {
    min_length: 3,
    max_length: 30,
    ignores_case: true,
};

fn use_case(fake: &FakePorts, services: ServiceOptions, policy: UsernamePolicy) -> Usernames {
    let (completion, credentials) = Services::new(&fake.ports, services).share();
    let options = PasswordSignInOptions {
        requires_verified_email: false,
        sends_verification_link: false,
        messages: message_options(),
        link_expires_in: TimeDelta::hours(1),
    };
    let passwords = PasswordSignIn::new(&fake.ports, completion, credentials, options);
    Usernames::new(&fake.ports, Arc::new(passwords), policy)
}

fn command(username: &str, password: &str) -> SignInWithUsername {
    SignInWithUsername {
        username: username.to_owned(),
        request: PasswordRequest {
            password: Password::new(password),
            remember_me: true,
            callback_url: None,
        },
    }
}

async fn sign_in(
    fake: &FakePorts,
    services: ServiceOptions,
    command: SignInWithUsername,
) -> Result<Outcome, UsernameSignInError> {
    let usernames = use_case(fake, services, POLICY);
    let context = RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        ..RequestContext::default()
    };
    usernames.sign_in(command, &context).await
}

/// A look-up of the user by this name.
fn read_user(username: &'static str, user: Option<User>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.usernames
        .expect_find_user()
        .withf(move |name| name == username)
        .once()
        .return_once(|_| Ok(user));
    unit
}

/// A read of the user's account. `None`: the user has no credential account.
fn read_account(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.accounts
        .expect_find_credential()
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

fn completing(user: User) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(user);
    unit.accounts
        .expect_lock_if_unchanged()
        .returning(|_, _| Ok(true));
    unit.sessions.expect_insert().returning(|row| Ok(row.clone()));
    unit
}

#[tokio::test]
async fn a_user_is_looked_up_by_the_normalised_name_and_signed_in() {
    let reads = vec![
        read_user("ada_l", Some(a_user())),
        read_account(Some("plain:password1")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![completing(a_user())]));
    let command = command("aDA_L", "password1");
    let outcome = sign_in(&fake, ServiceOptions::default(), command).await;
    assert!(matches!(outcome.unwrap(), Outcome::Completed(signed_in) if signed_in.user == a_user()));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_sign_in_by_user_name_asks_for_the_second_step() {
    let reads = vec![
        read_user("ada_l", Some(a_verified_user())),
        read_account(Some("plain:password1")),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![completing(a_verified_user())]));
    let outcome = sign_in(&fake, challenging(), command("ada_l", "password1")).await;
    assert!(matches!(outcome.unwrap(), Outcome::Challenged(_)));
}

#[tokio::test]
async fn a_wrong_password_no_password_and_no_user_get_the_same_error_work_and_time() {
    for reads in [
        vec![
            read_user("ada_l", Some(a_user())),
            read_account(Some("plain:password1")),
        ],
        vec![read_user("ada_l", Some(a_user())), read_account(None)],
        vec![read_user("ada_l", None)],
    ] {
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let command = command("ada_l", "password2");
        let error = sign_in(&fake, ServiceOptions::default(), command)
            .await
            .unwrap_err();
        let UsernameSignInError::SignIn(error) = error else {
            panic!("the sign-in fails as one by e-mail address: {error:?}");
        };
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert_eq!(fake.hasher.work(), 1);
        assert_eq!(fake.clock.slept(), [FLOOR]);
        assert!(!fake.store.has_committed());
    }
}

/// Guesses by user name and by e-mail address are guesses of one password.
#[tokio::test]
async fn attempts_are_counted_for_the_users_address_or_for_the_unknown_name() {
    let mut keys = Vec::new();
    for user in [Some(a_user()), None, Some(a_verified_user())] {
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut count = FakeUnitOfWork::default();
        count
            .rate_limits
            .expect_count()
            .once()
            .return_once(move |key, _, _| {
                sender.send(key.to_owned()).unwrap();
                Ok(Decision::Denied(Denied { retry_after: 600 }))
            });
        count
            .known_addresses
            .expect_is_known()
            .returning(|_, _, _| Ok(false));
        let fake = FakePorts::with_store(FakeStore::new(vec![read_user("ada_l", user), count], Vec::new()));
        let limited = ServiceOptions {
            credentials: limited_credential_options(),
            ..ServiceOptions::default()
        };
        let error = sign_in(&fake, limited, command("Ada_L", "password1")).await;
        assert!(matches!(
            error.unwrap_err(),
            UsernameSignInError::SignIn(SignInError::TooManyAttempts(_))
        ));
        assert_eq!(fake.hasher.work(), 0);
        keys.push(receiver.recv().unwrap());
    }
    let fake = FakePorts::with_store(FakeStore::default());
    let key = |email| crate::rate_limit::key_of(email, "failed-sign-in", fake.ports.mac.as_ref());
    assert_eq!(keys[0], key(&a_user().email));
    assert_eq!(keys[0], keys[2]);
    assert_ne!(keys[0], keys[1]);
}

mod concealed;

use chrono::TimeDelta;
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    password::PasswordRejection,
    verification::Purpose,
};

use super::*;
use crate::{
    client_token::SessionEffect,
    ports::{UniqueKey, WriteError},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox, ServiceOptions, Services,
        fixtures::{FLOOR, a_user, message_options, start},
        seams::refusing,
    },
};

fn options() -> SignUpOptions {
    SignUpOptions {
        enabled: true,
        auto_sign_in: true,
        requires_verified_email: false,
        sends_verification_link: false,
        verification_code: None,
        messages: message_options(),
        link_expires_in: TimeDelta::hours(1),
    }
}

fn command(password: &str) -> SignUpWithEmail {
    SignUpWithEmail {
        name: "Ada".to_owned(),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        password: Password::new(password),
        image: Some("/ada.png".to_owned()),
        remember_me: true,
        callback_url: Some("/welcome".to_owned()),
        additional: AdditionalFields::default(),
    }
}

fn read_owner(taken: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| email.as_str() == "ada@example.com")
        .once()
        .return_once(move |_| Ok(taken.then(a_user)));
    unit
}

/// A unique additional field.
fn unique_field() -> FieldSchema {
    FieldSchema::new(vec![FieldDefinition {
        name: "username".to_owned(),
        kind: FieldKind::String,
        is_required: true,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: true,
    }])
}

fn use_case(fake: &FakePorts, options: SignUpOptions) -> SignUp {
    use_case_with(fake, ServiceOptions::default(), options)
}

fn use_case_with(fake: &FakePorts, services: ServiceOptions, options: SignUpOptions) -> SignUp {
    let Services {
        users,
        completion,
        credentials,
    } = Services::new(&fake.ports, services);
    SignUp::new(&fake.ports, users, completion, credentials, options)
}

async fn sign_up(fake: &FakePorts, options: SignUpOptions, password: &str) -> Result<SignedUp, SignUpError> {
    use_case(fake, options)
        .with_email(command(password), &RequestContext::default())
        .await
}

#[tokio::test]
async fn a_user_an_account_and_a_session_are_stored_together() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
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
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));

    let SignedUp::SignedIn(Outcome::Completed(signed_in)) =
        sign_up(&fake, options(), "password1").await.unwrap()
    else {
        panic!("the user is signed in");
    };

    let user = User {
        id: signed_in.user.id.clone(),
        image: Some("/ada.png".to_owned()),
        ..a_user()
    };
    assert_eq!(signed_in.user, user);
    assert_eq!(signed_in.session.user_id, user.id);
    assert_eq!(signed_in.session.expires_at, start() + TimeDelta::days(7));
    assert!(matches!(
        signed_in.effects.session,
        SessionEffect::Store {
            lifetime: Some(_),
            ..
        }
    ));
    assert!(fake.store.has_committed());
    assert!(fake.clock.slept().is_empty());
}

#[tokio::test]
async fn a_taken_address_is_rejected_before_hashing() {
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(true)], Vec::new()));
    let error = sign_up(&fake, options(), "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::EmailTaken));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn a_lost_race_for_an_address_gets_the_same_error_and_stores_nothing() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::UserEmail)));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let error = sign_up(&fake, options(), "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::EmailTaken));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn two_equal_session_tokens_are_a_failure_and_not_a_taken_address() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::SessionToken)));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let error = sign_up(&fake, options(), "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::Failure(failure) if !failure.is_unavailable()));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_password_outside_the_policy_is_rejected_before_anything_is_read() {
    for (password, length) in [
        ("1234567".to_owned(), PasswordRejection::TooShort),
        ("x".repeat(129), PasswordRejection::TooLong),
    ] {
        let fake = FakePorts::with_store(FakeStore::default());
        let error = sign_up(&fake, options(), &password).await.unwrap_err();
        assert!(matches!(error, SignUpError::Password(refusal) if refusal == length));
    }
}

#[tokio::test]
async fn sign_up_is_rejected_if_it_is_disabled() {
    let fake = FakePorts::with_store(FakeStore::default());
    let off = SignUpOptions {
        enabled: false,
        ..options()
    };
    assert!(matches!(
        sign_up(&fake, off, "password1").await,
        Err(SignUpError::Disabled)
    ));
}

#[tokio::test]
async fn a_taken_unique_field_is_rejected_and_nothing_is_stored() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::AdditionalField)));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let error = sign_up(&fake, options(), "password1").await.unwrap_err();
    assert!(matches!(error, SignUpError::FieldTaken));
    assert!(!fake.store.has_committed());
}

/// A unit of work that stores a user, an account, tokens and messages.
fn storing(memory: &MemoryVerifications, outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    memory.serve(&mut unit);
    outbox.serve(&mut unit);
    unit
}

#[tokio::test]
async fn a_link_is_sent_in_the_same_unit_of_work_and_the_user_is_signed_in() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let mut unit = storing(&memory, &outbox);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let sending = SignUpOptions {
        sends_verification_link: true,
        ..options()
    };
    let SignedUp::SignedIn(Outcome::Completed(signed_in)) =
        sign_up(&fake, sending, "password1").await.unwrap()
    else {
        panic!("the user is signed in");
    };
    let messages = outbox.messages();
    let link = messages[0].link().unwrap();
    assert_eq!((messages.len(), messages[0].kind), (1, MessageKind::VerifyEmail));
    assert!(link.url.expose().ends_with("&callbackURL=%2Fwelcome"));
    let remembered = memory.of(Purpose::EmailVerification);
    assert_eq!(
        (remembered.len(), &remembered[0].user_id),
        (1, &signed_in.user.id)
    );
    assert_eq!(remembered[0].secret.expose(), link.token.expose());
}

#[tokio::test]
async fn no_link_is_sent_if_the_session_cannot_be_stored() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let mut unit = storing(&memory, &outbox);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable").into()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let sending = SignUpOptions {
        sends_verification_link: true,
        ..options()
    };
    assert!(sign_up(&fake, sending, "password1").await.is_err());
    assert!(memory.is_empty() && outbox.messages().is_empty());
}

#[tokio::test]
async fn a_new_user_who_may_not_have_a_session_is_not_stored() {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let signed_up = use_case_with(&fake, refusing("REFUSED"), options())
        .with_email(command("password1"), &RequestContext::default())
        .await;
    assert!(matches!(
        signed_up.unwrap(),
        SignedUp::SignedIn(Outcome::Refused(_))
    ));
    assert!(!fake.store.has_committed());
}

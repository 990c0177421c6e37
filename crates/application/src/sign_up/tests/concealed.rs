//! Sign-up that conceals whether an e-mail address is registered.

use super::*;
use crate::testing::fixtures::silent_message_options;

/// The two settings by which a response has no session, and so conceals whether the address is registered.
fn concealing() -> [SignUpOptions; 2] {
    let base = SignUpOptions {
        sends_verification_link: true,
        ..options()
    };
    let verifying = SignUpOptions {
        requires_verified_email: true,
        ..base.clone()
    };
    let without_auto_sign_in = SignUpOptions {
        auto_sign_in: false,
        ..base
    };
    [verifying, without_auto_sign_in]
}

/// Returns the user in the response, without the random id.
fn shown(signed_up: SignedUp) -> User {
    match signed_up {
        SignedUp::Pending(user) => User {
            id: a_user().id,
            ..*user
        },
        SignedUp::SignedIn(outcome) => panic!("the user is not signed in: {outcome:?}"),
    }
}

fn sending(outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    outbox.serve(&mut unit);
    unit
}

/// A unit of work that inserts a user and is never committed.
fn probe() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit.accounts.expect_insert().once().return_once(|_| Ok(()));
    unit.at_commit(|| panic!("no user is stored"));
    unit
}

fn lost_race() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::UserEmail)));
    unit
}

#[tokio::test]
async fn free_taken_and_just_taken_addresses_get_the_same_response_work_and_time() {
    for options in concealing() {
        let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
        for (is_taken, units) in [
            (false, vec![storing(&memory, &outbox)]),
            (true, vec![probe(), sending(&outbox)]),
            (false, vec![lost_race(), probe()]),
        ] {
            let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(is_taken)], units));
            let signed_up = sign_up(&fake, options.clone(), "password1").await.unwrap();
            let expected = User {
                image: Some("/ada.png".to_owned()),
                ..a_user()
            };
            assert_eq!(shown(signed_up), expected);
            assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
        }
        let kinds: Vec<_> = outbox.messages().iter().map(|message| message.kind).collect();
        assert_eq!(kinds, [MessageKind::VerifyEmail, MessageKind::SignUpAttempt]);
    }
}

#[tokio::test]
async fn the_user_in_a_concealed_response_has_a_new_id() {
    let [options, _] = concealing();
    let outbox = Outbox::default();
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(true)],
        vec![probe(), sending(&outbox)],
    ));
    let SignedUp::Pending(user) = sign_up(&fake, options, "password1").await.unwrap() else {
        panic!("the user is not signed in");
    };
    assert_ne!(user.id, a_user().id);
    assert_eq!(user.id.as_str().len(), 32);
}

#[tokio::test]
async fn the_owner_of_a_taken_address_is_notified_without_a_link() {
    for options in concealing() {
        let outbox = Outbox::default();
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(true)],
            vec![probe(), sending(&outbox)],
        ));
        sign_up(&fake, options, "password1").await.unwrap();
        let message = outbox.only();
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::SignUpAttempt, &a_user().email.into())
        );
        assert_eq!(message.user.as_ref().unwrap().id, a_user().id);
        assert!(message.link().is_none());
    }
}

#[tokio::test]
async fn a_taken_address_is_concealed_even_if_no_message_can_be_sent() {
    for options in concealing() {
        let silent = SignUpOptions {
            messages: silent_message_options(),
            ..options
        };
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(true)], vec![probe()]));
        let signed_up = sign_up(&fake, silent, "password1").await.unwrap();
        assert_eq!(shown(signed_up).email, a_user().email);
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_password_outside_the_policy_is_rejected_for_any_address() {
    for options in concealing() {
        let fake = FakePorts::with_store(FakeStore::default());
        let error = sign_up(&fake, options, "short").await.unwrap_err();
        assert!(matches!(
            error,
            SignUpError::Password(PasswordRejection::TooShort)
        ));
    }
}

/// Sign-in with that password needs it.
#[tokio::test]
async fn the_password_of_a_rejected_sign_up_is_stored_if_the_address_is_verified_and_sign_in_requires_that() {
    let [verifying, without_auto_sign_in] = concealing();
    for (options, is_proven) in [
        (&verifying, true),
        (&verifying, false),
        (&without_auto_sign_in, true),
    ] {
        let owner = User {
            email_verified: is_proven,
            ..a_user()
        };
        let is_kept = options.requires_verified_email && is_proven;
        let mut read = FakeUnitOfWork::default();
        read.users
            .expect_find_by_email()
            .once()
            .return_once(|_| Ok(Some(owner)));
        let mut unit = sending(&Outbox::default());
        unit.refused_sign_ups
            .expect_keep_first()
            .withf(|user, hash, now| {
                *user == a_user().id && hash.expose() == "plain:password1" && *now == start()
            })
            .times(usize::from(is_kept))
            .returning(|_, _, _| Ok(()));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], vec![probe(), unit]));
        sign_up(&fake, options.clone(), "password1").await.unwrap();
        assert!(fake.store.has_committed());
    }
}

/// The rejection of another field must not reveal whether the address is taken.
#[tokio::test]
async fn a_taken_unique_field_is_rejected_alike_for_free_and_taken_addresses() {
    let fields = unique_field();
    let sent = serde_json::json!({ "username": "ada" });
    let asked = SignUpWithEmail {
        additional: fields.create(sent.as_object().unwrap()).unwrap(),
        ..command("password1")
    };
    for options in concealing() {
        for is_taken in [false, true] {
            let mut unit = FakeUnitOfWork::default();
            unit.users
                .expect_insert()
                .withf(move |user| {
                    let is_asked = user.email == a_user().email;
                    user.additional.get("username") == "ada" && is_asked != is_taken
                })
                .once()
                .return_once(|_| Err(WriteError::Taken(UniqueKey::AdditionalField)));
            let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(is_taken)], vec![unit]));
            let outcome = use_case(&fake, options.clone())
                .with_email(asked.clone(), &RequestContext::default())
                .await;
            assert!(matches!(outcome, Err(SignUpError::FieldTaken)));
            assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
            assert!(!fake.store.has_committed());
        }
    }
}

#[tokio::test]
async fn a_sign_up_with_a_taken_address_stores_nothing_but_the_message_to_its_owner() {
    let fields = unique_field();
    let sent = serde_json::json!({ "username": "ada" });
    let asked = SignUpWithEmail {
        additional: fields.create(sent.as_object().unwrap()).unwrap(),
        ..command("password1")
    };
    let [options, _] = concealing();
    let outbox = Outbox::default();
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(true)],
        vec![probe(), sending(&outbox)],
    ));
    let outcome = use_case(&fake, options)
        .with_email(asked.clone(), &RequestContext::default())
        .await;
    assert_eq!(shown(outcome.unwrap()).additional, asked.additional);
    assert_eq!(outbox.messages().len(), 1);
}

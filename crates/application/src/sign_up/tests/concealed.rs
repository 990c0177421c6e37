//! Where nobody is to learn who has signed up.

use super::*;
use crate::testing::fixtures::silent_message_options;

/// The two settings by which an answer has no session, and so tells nothing.
fn concealing() -> [SignUpOptions; 2] {
    let base = SignUpOptions {
        sends_link: true,
        ..options()
    };
    let proving = SignUpOptions {
        requires_verified_email: true,
        ..base.clone()
    };
    let waiting = SignUpOptions {
        auto_sign_in: false,
        ..base
    };
    [proving, waiting]
}

/// What the answer says, but for the id, which is a new one each time.
fn shown(signed_up: SignedUp) -> User {
    match signed_up {
        SignedUp::Pending(user) => User {
            id: a_user().id,
            ..*user
        },
        SignedUp::Entered(entered) => panic!("nobody is in: {entered:?}"),
    }
}

fn posting(outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    outbox.serve(&mut unit);
    unit
}

/// A unit of work that inserts a user and is never committed.
fn probe() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users.expect_insert().once().return_once(|_| Ok(()));
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
async fn a_free_a_taken_and_a_just_taken_address_are_the_same_answer_work_and_time() {
    for options in concealing() {
        let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
        for (is_taken, units) in [
            (false, vec![storing(&memory, &outbox)]),
            (true, vec![probe(), posting(&outbox)]),
            (false, vec![lost_race()]),
        ] {
            let fake = FakePorts::around(FakeStore::new(vec![look(is_taken)], units));
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
async fn a_made_up_user_has_an_id_of_its_own() {
    let [options, _] = concealing();
    let outbox = Outbox::default();
    let fake = FakePorts::around(FakeStore::new(vec![look(true)], vec![probe(), posting(&outbox)]));
    let SignedUp::Pending(user) = sign_up(&fake, options, "password1").await.unwrap() else {
        panic!("nobody is in");
    };
    assert_ne!(user.id, a_user().id);
    assert_eq!(user.id.as_str().len(), 32);
}

#[tokio::test]
async fn the_owner_of_a_taken_address_is_told_without_any_link() {
    for options in concealing() {
        let outbox = Outbox::default();
        let fake = FakePorts::around(FakeStore::new(vec![look(true)], vec![probe(), posting(&outbox)]));
        sign_up(&fake, options, "password1").await.unwrap();
        let message = outbox.only();
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::SignUpAttempt, &a_user().email)
        );
        assert_eq!(message.user.id, a_user().id);
        assert!(message.link.is_none());
    }
}

#[tokio::test]
async fn where_nothing_can_be_sent_a_taken_address_looks_the_same_still() {
    for options in concealing() {
        let silent = SignUpOptions {
            messages: silent_message_options(),
            ..options
        };
        let fake = FakePorts::around(FakeStore::new(vec![look(true)], vec![probe()]));
        let signed_up = sign_up(&fake, silent, "password1").await.unwrap();
        assert_eq!(shown(signed_up).email, a_user().email);
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_password_outside_the_policy_is_refused_whatever_the_address() {
    for options in concealing() {
        let fake = FakePorts::around(FakeStore::default());
        let error = sign_up(&fake, options, "short").await.unwrap_err();
        assert!(matches!(
            error,
            SignUpError::Password(PasswordRejection::TooShort)
        ));
    }
}

/// See the sign-in with that password.
#[tokio::test]
async fn the_password_of_a_refused_sign_up_is_kept_if_the_address_is_proven_and_sign_in_needs_that() {
    let [proving, waiting] = concealing();
    for (options, is_proven) in [(&proving, true), (&proving, false), (&waiting, true)] {
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
        let mut unit = posting(&Outbox::default());
        unit.refused_sign_ups
            .expect_keep_first()
            .withf(|user, hash, now| {
                *user == a_user().id && hash.expose() == "plain:password1" && *now == start()
            })
            .times(usize::from(is_kept))
            .returning(|_, _, _| Ok(()));
        let fake = FakePorts::around(FakeStore::new(vec![read], vec![probe(), unit]));
        sign_up(&fake, options.clone(), "password1").await.unwrap();
        assert!(fake.store.has_committed());
    }
}

/// The refusal of another field must not tell whether the address is taken.
#[tokio::test]
async fn a_field_that_is_anothers_is_refused_alike_whether_the_address_is_free_or_taken() {
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
            let fake = FakePorts::around(FakeStore::new(vec![look(is_taken)], vec![unit]));
            let outcome = SignUp::new(&fake.ports, options.clone())
                .with_email(asked.clone(), &RequestContext::default())
                .await;
            assert!(matches!(outcome, Err(SignUpError::FieldTaken)));
            assert_eq!((fake.hasher.work(), fake.clock.slept()), (1, vec![FLOOR]));
            assert!(!fake.store.has_committed());
        }
    }
}

#[tokio::test]
async fn a_taken_address_with_a_free_field_leaves_no_trace_but_the_message_to_its_owner() {
    let fields = unique_field();
    let sent = serde_json::json!({ "username": "ada" });
    let asked = SignUpWithEmail {
        additional: fields.create(sent.as_object().unwrap()).unwrap(),
        ..command("password1")
    };
    let [options, _] = concealing();
    let outbox = Outbox::default();
    let fake = FakePorts::around(FakeStore::new(vec![look(true)], vec![probe(), posting(&outbox)]));
    let outcome = SignUp::new(&fake.ports, options)
        .with_email(asked.clone(), &RequestContext::default())
        .await;
    assert_eq!(shown(outcome.unwrap()).additional, asked.additional);
    assert_eq!(outbox.messages().len(), 1);
}

use portcullis_domain::{
    id::VerificationId,
    message::MessageKind,
    token::OneTimeToken,
    verification::{Purpose, Verification},
};

use super::*;
use crate::{
    ports::UniqueKey,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox,
        fixtures::{
            FLOOR, SESSION_POLICY, a_user, a_verified_user, another_user, calling, message_options,
            new_email, silent_message_options, start,
        },
    },
};

fn options() -> ChangeEmailOptions {
    ChangeEmailOptions {
        enabled: true,
        requires_confirmation: true,
        changes_unverified_at_once: false,
        messages: message_options(),
        expires_in: TimeDelta::hours(1),
        session: SESSION_POLICY,
        floor: FLOOR,
    }
}

fn at_once() -> ChangeEmailOptions {
    ChangeEmailOptions {
        changes_unverified_at_once: true,
        ..options()
    }
}

fn read_owner(taken: bool) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| *email == new_email())
        .once()
        .return_once(move |_| Ok(taken.then(another_user)));
    unit
}

/// Stored tokens and queued messages.
#[derive(Default)]
struct Sent {
    memory: MemoryVerifications,
    outbox: Outbox,
}

impl Sent {
    fn unit(&self) -> FakeUnitOfWork {
        self.unit_of(a_user())
    }

    fn unit_of(&self, user: User) -> FakeUnitOfWork {
        let mut unit = FakeUnitOfWork::default();
        self.memory.serve(&mut unit);
        self.outbox.serve(&mut unit);
        unit.locks_caller(user);
        unit
    }

    /// A unit of work that changes the address at once, with this outcome.
    fn taking(&self, outcome: Result<Option<User>, WriteError>) -> FakeUnitOfWork {
        let mut unit = self.unit();
        unit.users
            .expect_set_email()
            .withf(|user, from, to, is_verified, now| {
                (user, from, to) == (&a_user().id, &a_user().email, &new_email())
                    && !is_verified
                    && *now == start()
            })
            .once()
            .return_once(|_, _, _, _, _| outcome);
        unit
    }

    /// Returns the kind and the recipient of the only message, and the purpose of its token.
    fn only(&self) -> (MessageKind, EmailAddress, Purpose) {
        let message = self.outbox.only();
        let link = message.link().unwrap();
        assert!(link.url.expose().ends_with("&callbackURL=%2Faccount"));
        assert_eq!(message.expires_at, Some(start() + TimeDelta::hours(1)));
        let is_of_link = |purpose: &Purpose| {
            let rows = self.memory.of(*purpose);
            let row = rows.iter().find(|row| row.secret.expose() == link.token.expose());
            row.is_some_and(|row| row.user_id == a_user().id)
        };
        let purpose = Purpose::ALL.into_iter().find(is_of_link).unwrap();
        (message.kind, message.to.email().unwrap().clone(), purpose)
    }
}

async fn change(
    fake: &FakePorts,
    options: ChangeEmailOptions,
    user: User,
    email: EmailAddress,
) -> Result<SessionEffect, ChangeEmailError> {
    let new = ChangeEmailRequest {
        email,
        callback: Some("/account".to_owned()),
        remembered: true,
    };
    let changed = ChangeEmail::new(&fake.ports, options)
        .change(&calling(user), &new)
        .await;
    changed.map(|effects| effects.session)
}

fn countess() -> User {
    User {
        email: new_email(),
        ..a_user()
    }
}

#[tokio::test]
async fn a_change_must_be_confirmed_at_a_verified_old_address() {
    let sent = Sent::default();
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![sent.unit_of(a_verified_user())]));
    let effect = change(&fake, options(), a_verified_user(), new_email())
        .await
        .unwrap();
    assert!(matches!(effect, SessionEffect::Unchanged));
    assert_eq!(sent.outbox.only().new_email(), Some(&new_email()));
    let expected = (
        MessageKind::ChangeEmail,
        a_user().email,
        Purpose::EmailChangeConfirmation,
    );
    assert_eq!(sent.only(), expected);
}

#[tokio::test]
async fn the_new_address_must_be_verified_if_the_old_one_need_not_confirm() {
    let unasked = ChangeEmailOptions {
        requires_confirmation: false,
        ..options()
    };
    for (options, user) in [(options(), a_user()), (unasked, a_verified_user())] {
        let sent = Sent::default();
        let unit = sent.unit_of(user.clone());
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
        change(&fake, options, user, new_email()).await.unwrap();
        let expected = (
            MessageKind::VerifyEmail,
            new_email(),
            Purpose::EmailChangeVerification,
        );
        assert_eq!(sent.only(), expected);
    }
}

#[tokio::test]
async fn an_unverified_user_gets_the_new_address_at_once_and_must_verify_it() {
    let sent = Sent::default();
    let unit = sent.taking(Ok(Some(countess())));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let effect = change(&fake, at_once(), a_user(), new_email()).await.unwrap();
    let SessionEffect::Store {
        active_session,
        lifetime,
    } = effect
    else {
        panic!("the client stores the session: {effect:?}");
    };
    assert_eq!(
        (active_session.user.clone(), lifetime),
        (countess(), Some(TimeDelta::days(7)))
    );
    assert_eq!(active_session.session.token.expose(), "token-1");
    let expected = (MessageKind::VerifyEmail, new_email(), Purpose::EmailVerification);
    assert_eq!(sent.only(), expected);
}

#[tokio::test]
async fn an_address_is_changed_at_once_without_a_message_if_none_can_be_sent() {
    let sent = Sent::default();
    let silent = ChangeEmailOptions {
        messages: silent_message_options(),
        ..at_once()
    };
    let unit = sent.taking(Ok(Some(countess())));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    change(&fake, silent, a_user(), new_email()).await.unwrap();
    assert!(fake.store.has_committed() && sent.outbox.messages().is_empty());
}

#[tokio::test]
async fn response_work_and_time_do_not_reveal_whether_an_address_is_taken() {
    for (is_taken, messages) in [(false, 1), (true, 0)] {
        let sent = Sent::default();
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(is_taken)], vec![sent.unit()]));
        let effect = change(&fake, options(), a_user(), new_email()).await.unwrap();
        assert!(matches!(effect, SessionEffect::Unchanged));
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (0, vec![FLOOR]));
        assert_eq!(sent.outbox.messages().len(), messages);
        assert_eq!(fake.store.has_committed(), !is_taken);
    }
}

/// Another user takes the address, or the user is changed or deleted, between the read and the change.
#[tokio::test]
async fn a_lost_race_is_not_revealed_and_nothing_is_committed() {
    for outcome in [Err(WriteError::Taken(UniqueKey::UserEmail)), Ok(None)] {
        let sent = Sent::default();
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(false)],
            vec![sent.taking(outcome)],
        ));
        let effect = change(&fake, at_once(), a_user(), new_email()).await.unwrap();
        assert!(matches!(effect, SessionEffect::Unchanged));
        assert_eq!(fake.clock.slept(), [FLOOR]);
        assert!(sent.memory.is_empty() && sent.outbox.messages().is_empty() && !fake.store.has_committed());
    }
}

/// Otherwise a stolen session would leave a link that outlives it.
#[tokio::test]
async fn a_session_that_was_revoked_meanwhile_begins_no_change() {
    for (options, user) in [
        (options(), a_verified_user()),
        (options(), a_user()),
        (at_once(), a_user()),
    ] {
        let mut unit = FakeUnitOfWork::default();
        unit.locks_user(user.clone());
        unit.sessions.expect_find_by_token().returning(|_| Ok(None));
        let reads = if user.email_verified {
            Vec::new()
        } else {
            vec![read_owner(false)]
        };
        let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
        let outcome = change(&fake, options, user, new_email()).await;
        assert!(matches!(outcome, Err(ChangeEmailError::SessionEnded)));
        assert!(!fake.store.has_committed());
    }
}

/// A verified old address must confirm first; the path for unverified addresses must not bypass that.
#[tokio::test]
async fn an_address_that_was_verified_meanwhile_is_not_changed_without_confirmation() {
    let sent = Sent::default();
    let unit = sent.unit_of(a_verified_user());
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let outcome = change(&fake, at_once(), a_user(), new_email()).await;
    assert!(matches!(outcome, Err(ChangeEmailError::SessionEnded)));
    assert!(!fake.store.has_committed());
}

/// A reader of the old mailbox, or of a mistyped one, must not reset the password of the user who left it.
#[tokio::test]
async fn tokens_that_were_sent_to_the_replaced_address_are_revoked() {
    let sent = Sent::default();
    for purpose in Purpose::ALL {
        sent.memory.remember(Verification {
            id: VerificationId::new("V"),
            purpose,
            secret: OneTimeToken::new("sent before"),
            user_id: a_user().id,
            expires_at: start() + TimeDelta::hours(1),
            created_at: start(),
        });
    }
    let unit = sent.taking(Ok(Some(countess())));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    change(&fake, at_once(), a_user(), new_email()).await.unwrap();
    for purpose in Purpose::ALL {
        let mut left = sent.memory.of(purpose).into_iter();
        assert!(
            left.all(|row| row.secret.expose() != "sent before"),
            "{purpose:?}"
        );
    }
}

#[tokio::test]
async fn a_taken_address_is_not_revealed_if_changes_apply_at_once() {
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(true)], Vec::new()));
    let effect = change(&fake, at_once(), a_user(), new_email()).await.unwrap();
    assert!(matches!(effect, SessionEffect::Unchanged));
    assert_eq!(fake.clock.slept(), [FLOOR]);
}

#[tokio::test]
async fn an_impossible_change_is_rejected_before_any_user_is_read() {
    let off = ChangeEmailOptions {
        enabled: false,
        ..options()
    };
    let silent = |options: ChangeEmailOptions| ChangeEmailOptions {
        messages: silent_message_options(),
        ..options
    };
    let fake = FakePorts::with_store(FakeStore::default());
    let disabled = change(&fake, off, a_user(), new_email()).await;
    assert!(matches!(disabled, Err(ChangeEmailError::Disabled)));
    let same = change(&fake, options(), a_user(), a_user().email).await;
    assert!(matches!(same, Err(ChangeEmailError::Same)));
    for (options, user) in [
        (silent(options()), a_user()),
        (silent(at_once()), a_verified_user()),
    ] {
        let unsent = change(&fake, options, user, new_email()).await;
        assert!(matches!(unsent, Err(ChangeEmailError::NothingSent)));
    }
}

#[tokio::test]
async fn nothing_is_changed_or_sent_if_the_store_fails() {
    let sent = Sent::default();
    let unit = sent.taking(Err(Failure::unavailable("unreachable").into()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let outcome = change(&fake, at_once(), a_user(), new_email()).await;
    assert!(matches!(outcome, Err(ChangeEmailError::Failure(_))));

    let mut unit = FakeUnitOfWork::default();
    sent.memory.serve(&mut unit);
    unit.locks_caller(a_user());
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(false)], vec![unit]));
    let outcome = change(&fake, options(), a_user(), new_email()).await;
    assert!(matches!(outcome, Err(ChangeEmailError::Failure(_))));
    assert!(sent.memory.is_empty() && !fake.store.has_committed());
}

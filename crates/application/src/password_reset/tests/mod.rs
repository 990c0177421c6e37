mod operator;
mod reset;

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox, ServiceOptions, Services,
    fixtures::{
        FLOOR, a_user, limited_credential_options, message_options, new_email, silent_message_options, start,
    },
};

fn options() -> PasswordResetOptions {
    PasswordResetOptions {
        messages: message_options(),
        expires_in: TimeDelta::hours(1),
        revokes_sessions: true,
    }
}

fn read_owner(user: Option<User>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| *email == a_user().email)
        .once()
        .return_once(|_| Ok(user));
    unit
}

fn storing(memory: &MemoryVerifications, outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    outbox.serve(&mut unit);
    unit
}

/// A unit of work in which the user still has the address.
fn sending(memory: &MemoryVerifications, outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = storing(memory, outbox);
    unit.locks_user(a_user());
    unit
}

fn use_case(fake: &FakePorts, options: PasswordResetOptions) -> PasswordReset {
    let services = Services::new(&fake.ports, ServiceOptions::default());
    PasswordReset::new(
        &fake.ports,
        (services.credentials, FirstProof::default()),
        options,
    )
}

async fn request(fake: &FakePorts, options: PasswordResetOptions) -> Result<(), PasswordResetError> {
    use_case(fake, options)
        .request(&a_user().email, Some("/reset"), &RequestContext::default())
        .await
}

#[tokio::test]
async fn a_link_is_sent_and_its_token_stored_together() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let store = FakeStore::new(vec![read_owner(Some(a_user()))], vec![sending(&memory, &outbox)]);
    request(&FakePorts::with_store(store), options()).await.unwrap();

    let message = outbox.only();
    let end = start() + TimeDelta::hours(1);
    assert_eq!(
        (message.kind, &message.to),
        (MessageKind::ResetPassword, &a_user().email.into())
    );
    assert_eq!(message.expires_at, Some(end));
    let link = message.link().unwrap();
    let remembered = memory.of(Purpose::PasswordReset);
    let [secret] = remembered.as_slice() else {
        panic!("one token is stored: {remembered:?}");
    };
    assert_eq!((&secret.user_id, secret.expires_at), (&a_user().id, end));
    assert_eq!(secret.secret.expose(), link.token.expose());
    assert_eq!(secret.secret.expose().len(), 24);
    let url = format!(
        "https://auth.example.com/api/auth/reset-password/{}?callbackURL=%2Freset",
        link.token.expose()
    );
    assert_eq!(*link.url.expose(), url);
}

#[tokio::test]
async fn work_and_time_do_not_reveal_whether_an_address_is_registered() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    for user in [Some(a_user()), None] {
        let is_known = user.is_some();
        let store = FakeStore::new(vec![read_owner(user)], vec![sending(&memory, &outbox)]);
        let fake = FakePorts::with_store(store);
        request(&fake, options()).await.unwrap();
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (0, vec![FLOOR]));
        assert_eq!(fake.store.has_committed(), is_known);
    }
    assert_eq!(outbox.messages().len(), 1);
}

#[tokio::test]
async fn a_reset_is_rejected_before_any_user_is_read_if_messages_are_disabled() {
    let fake = FakePorts::with_store(FakeStore::default());
    let silent = PasswordResetOptions {
        messages: silent_message_options(),
        ..options()
    };
    let error = request(&fake, silent).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::Disabled));
}

#[tokio::test]
async fn the_token_of_a_link_that_cannot_be_queued_is_not_stored() {
    let memory = MemoryVerifications::default();
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.locks_user(a_user());
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    let error = request(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::Failure(failure) if failure.is_unavailable()));
    assert!(memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn an_unreachable_store_is_a_failure() {
    let mut read = FakeUnitOfWork::default();
    read.users
        .expect_find_by_email()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
    let error = request(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::Failure(_)));
}

#[tokio::test]
async fn no_link_is_sent_to_an_address_that_the_user_has_just_left() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let mut unit = storing(&memory, &outbox);
    unit.locks_user(User {
        email: new_email(),
        ..a_user()
    });
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    request(&fake, options()).await.unwrap();
    assert!(memory.is_empty() && outbox.messages().is_empty());
}

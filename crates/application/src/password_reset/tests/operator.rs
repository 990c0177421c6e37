//! Links that an operator requests.

use super::*;

/// A unit of work that stores tokens, in which the user exists or not.
fn locking(memory: &MemoryVerifications, user: Option<User>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.users.expect_lock().once().return_once(|_| Ok(user));
    unit
}

#[tokio::test]
async fn the_operator_gets_a_link_and_no_message_is_sent() {
    let memory = MemoryVerifications::default();
    let store = FakeStore::new(Vec::new(), vec![locking(&memory, Some(a_user()))]);
    let fake = FakePorts::with_store(store);
    let silent = PasswordResetOptions {
        messages: silent_message_options(),
        ..options()
    };
    let link = use_case(&fake, silent).link(&a_user().id).await.unwrap().unwrap();

    assert_eq!(link.expires_at, start() + TimeDelta::hours(1));
    let remembered = memory.of(Purpose::PasswordReset);
    let [stored] = remembered.as_slice() else {
        panic!("one token is stored: {remembered:?}");
    };
    let url = format!(
        "https://auth.example.com/api/auth/reset-password/{}?callbackURL=",
        stored.secret.expose()
    );
    assert_eq!((&stored.user_id, link.url.expose()), (&a_user().id, &url));
}

#[tokio::test]
async fn a_user_who_does_not_exist_gets_no_link() {
    let memory = MemoryVerifications::default();
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![locking(&memory, None)]));
    let link = use_case(&fake, options()).link(&a_user().id).await.unwrap();
    assert!(link.is_none() && memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn the_operator_sends_a_user_a_link_if_messages_are_enabled() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let store = FakeStore::new(Vec::new(), vec![sending(&memory, &outbox)]);
    let fake = FakePorts::with_store(store);
    use_case(&fake, options()).mail(&a_user()).await.unwrap();
    assert_eq!(outbox.only().kind, MessageKind::ResetPassword);

    let silent = PasswordResetOptions {
        messages: silent_message_options(),
        ..options()
    };
    let fake = FakePorts::with_store(FakeStore::default());
    let error = use_case(&fake, silent).mail(&a_user()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::Disabled));
}

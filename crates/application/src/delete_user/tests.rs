use portcullis_domain::{
    id::{UserId, VerificationId},
    session::Reader,
    verification::Verification,
};

use super::*;
use crate::{
    seams::UserDeletionGuards,
    session::{Reading, SessionSeams, Sessions},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox, ServiceOptions, Services,
        fixtures::{
            FLOOR, SESSION_POLICY, a_session, a_user, an_account, another_user, calling, message_options,
            start,
        },
        seams::refusing_deletions,
    },
};

fn options() -> DeleteUserOptions {
    DeleteUserOptions {
        enabled: true,
        requires_confirmation: false,
        expires_in: TimeDelta::days(1),
        session: SESSION_POLICY,
        messages: message_options(),
    }
}

fn verifying() -> DeleteUserOptions {
    DeleteUserOptions {
        requires_confirmation: true,
        ..options()
    }
}

fn by_password(password: &str) -> DeletionRequest {
    DeletionRequest {
        password: Some(Password::new(password)),
        ..DeletionRequest::default()
    }
}

fn by_token(text: &str) -> DeletionRequest {
    DeletionRequest {
        secret: Some(OneTimeToken::new(text)),
        ..DeletionRequest::default()
    }
}

/// A read of the caller's credential account, which has this hash. `None`: there is no such account.
fn read_account(hash: Option<&'static str>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.accounts
        .expect_find_credential()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(move |_| Ok(hash.map(an_account)));
    unit
}

/// A unit of work that deletes the user.
fn deletion() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_caller(a_user());
    unit.users
        .expect_delete()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(true));
    unit
}

fn memory(user: UserId) -> MemoryVerifications {
    let memory = MemoryVerifications::default();
    memory.remember(Verification {
        id: VerificationId::new("V"),
        purpose: Purpose::AccountDeletion,
        secret: OneTimeToken::new("secret-1"),
        user_id: user,
        expires_at: start() + TimeDelta::days(1),
        created_at: start(),
    });
    memory
}

fn delete_user(fake: &FakePorts, options: DeleteUserOptions) -> DeleteUser {
    let services = Services::new(&fake.ports, ServiceOptions::default());
    DeleteUser::new(
        &fake.ports,
        services.credentials,
        UserDeletionGuards::default(),
        options,
    )
}

async fn delete(
    fake: &FakePorts,
    options: DeleteUserOptions,
    leaving: DeletionRequest,
) -> Result<Deletion, DeleteUserError> {
    delete_user(fake, options)
        .delete(&calling(a_user()), &leaving, &RequestContext::default())
        .await
}

async fn confirm(fake: &FakePorts, text: &str) -> Result<ClientEffects, DeleteUserError> {
    delete_user(fake, verifying())
        .confirm(Some(&calling(a_user())), &OneTimeToken::new(text))
        .await
}

#[tokio::test]
async fn a_caller_with_the_password_is_deleted_however_old_the_session() {
    let store = FakeStore::new(vec![read_account(Some("plain:password1"))], vec![deletion()]);
    let fake = FakePorts::with_store(store);
    fake.clock.advance(TimeDelta::days(6));
    let deleted = delete(&fake, options(), by_password("password1")).await.unwrap();
    assert!(matches!(
        deleted,
        Deletion::Deleted(ClientEffects {
            session: SessionEffect::Clear,
            ..
        })
    ));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_user_whose_deletion_a_plugin_refuses_stays() {
    let memory = memory(a_user().id);
    let mut confirming = FakeUnitOfWork::default();
    confirming.locks_caller(a_user());
    memory.serve(&mut confirming);
    let store = FakeStore::new(Vec::new(), vec![confirming]);
    let fake = FakePorts::with_store(store);
    let services = Services::new(&fake.ports, ServiceOptions::default());
    let guards = refusing_deletions("LAST");
    let subject = DeleteUser::new(&fake.ports, services.credentials, guards, verifying());

    let by_link = subject
        .confirm(Some(&calling(a_user())), &OneTimeToken::new("secret-1"))
        .await;
    assert!(matches!(by_link, Err(DeleteUserError::Refused(refusal)) if refusal.name == "LAST"));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_or_a_user_without_one_deletes_nothing() {
    let wrong = FakePorts::with_store(FakeStore::new(
        vec![read_account(Some("plain:password1"))],
        Vec::new(),
    ));
    let error = delete(&wrong, options(), by_password("password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteUserError::Password(PasswordError::Wrong)));
    assert_eq!(wrong.clock.slept(), [FLOOR]);

    let none = FakePorts::with_store(FakeStore::new(vec![read_account(None)], Vec::new()));
    let error = delete(&none, options(), by_password("password1"))
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        DeleteUserError::Password(PasswordError::NoCredential)
    ));
    assert!(!wrong.store.has_committed() && !none.store.has_committed());
}

#[tokio::test]
async fn a_wrong_password_is_rejected_even_with_a_valid_token() {
    let memory = memory(a_user().id);
    let store = FakeStore::new(vec![read_account(Some("plain:password1"))], Vec::new());
    let both = DeletionRequest {
        password: Some(Password::new("password2")),
        ..by_token("secret-1")
    };
    let error = delete(&FakePorts::with_store(store), options(), both)
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteUserError::Password(PasswordError::Wrong)));
    assert!(!memory.is_empty());
}

#[tokio::test]
async fn without_password_and_token_a_caller_is_deleted_only_soon_after_sign_in() {
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![deletion()]));
    fake.clock
        .advance(TimeDelta::days(1) + TimeDelta::milliseconds(1));
    let error = delete(&fake, options(), DeletionRequest::default())
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteUserError::NotFresh));
    assert!(!fake.store.has_committed());
    fake.clock.advance(TimeDelta::milliseconds(-1));
    let deleted = delete(&fake, options(), DeletionRequest::default())
        .await
        .unwrap();
    assert!(matches!(
        deleted,
        Deletion::Deleted(ClientEffects {
            session: SessionEffect::Clear,
            ..
        })
    ));
}

#[tokio::test]
async fn a_confirmation_link_is_sent_first_if_so_configured() {
    for leaving in [DeletionRequest::default(), by_password("password1")] {
        let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
        let mut unit = FakeUnitOfWork::default();
        memory.serve(&mut unit);
        outbox.serve(&mut unit);
        unit.locks_caller(a_user());
        let mut reads = Vec::new();
        reads.extend(
            leaving
                .password
                .is_some()
                .then(|| read_account(Some("plain:password1"))),
        );
        let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
        let leaving = DeletionRequest {
            callback: Some("/bye".to_owned()),
            ..leaving
        };
        let asked = delete(&fake, verifying(), leaving).await.unwrap();
        assert!(matches!(asked, Deletion::ConfirmationSent));

        let message = outbox.only();
        let link = message.link().unwrap();
        let remembered = memory.of(Purpose::AccountDeletion);
        let end = start() + TimeDelta::days(1);
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::DeleteAccount, &a_user().email.into())
        );
        assert_eq!(message.expires_at, Some(end));
        assert!(link.url.expose().ends_with("&callbackURL=%2Fbye"));
        assert_eq!(remembered[0].secret.expose(), link.token.expose());
        assert_eq!(
            (&remembered[0].user_id, remembered[0].expires_at),
            (&a_user().id, end)
        );
    }
}

#[tokio::test]
async fn the_token_of_a_message_that_cannot_be_queued_is_not_stored() {
    let memory = MemoryVerifications::default();
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.locks_caller(a_user());
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let error = delete(&fake, verifying(), DeletionRequest::default())
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteUserError::Failure(_)));
    assert!(memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn a_caller_who_follows_the_link_or_sends_its_token_is_deleted_once() {
    for is_followed in [true, false] {
        let memory = memory(a_user().id);
        let (mut first, mut second) = (deletion(), FakeUnitOfWork::default());
        memory.serve(&mut first);
        memory.serve(&mut second);
        second.locks_caller(a_user());
        let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![first, second]));
        if is_followed {
            assert!(matches!(
                confirm(&fake, "secret-1").await,
                Ok(ClientEffects {
                    session: SessionEffect::Clear,
                    ..
                })
            ));
        } else {
            let deleted = delete(&fake, verifying(), by_token("secret-1")).await.unwrap();
            assert!(matches!(
                deleted,
                Deletion::Deleted(ClientEffects {
                    session: SessionEffect::Clear,
                    ..
                })
            ));
        }
        assert!(memory.is_empty());
        let again = confirm(&fake, "secret-1").await;
        assert!(matches!(again, Err(DeleteUserError::InvalidToken)));
    }
}

#[tokio::test]
async fn another_users_token_deletes_nothing_and_stays_valid() {
    let memory = memory(another_user().id);
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.locks_caller(a_user());
    let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
    let outcome = confirm(&fake, "secret-1").await;
    assert!(matches!(outcome, Err(DeleteUserError::InvalidToken)));
    assert!(!memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn a_caller_whose_session_was_revoked_meanwhile_is_neither_deleted_nor_sent_a_link() {
    for options in [options(), verifying()] {
        let mut unit = FakeUnitOfWork::default();
        unit.locks_user(a_user());
        unit.sessions.expect_find_by_token().returning(|_| Ok(None));
        let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
        let outcome = delete(&fake, options, DeletionRequest::default()).await;
        assert!(matches!(outcome, Err(DeleteUserError::SessionEnded)));
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn an_unknown_or_expired_token_deletes_nothing() {
    for (text, age) in [("made-up", 0), ("secret-1", 86_400_001)] {
        let memory = memory(a_user().id);
        let mut unit = FakeUnitOfWork::default();
        memory.serve(&mut unit);
        unit.locks_caller(a_user());
        let fake = FakePorts::with_store(FakeStore::new(Vec::new(), vec![unit]));
        fake.clock.advance(TimeDelta::milliseconds(age));
        let outcome = confirm(&fake, text).await;
        assert!(matches!(outcome, Err(DeleteUserError::InvalidToken)));
        assert!(!memory.is_empty());
    }
}

#[tokio::test]
async fn deletion_is_rejected_if_it_is_disabled() {
    let fake = FakePorts::with_store(FakeStore::default());
    let off = DeleteUserOptions {
        enabled: false,
        ..options()
    };
    let use_case = delete_user(&fake, off);
    let caller = calling(a_user());
    let context = RequestContext::default();
    for leaving in [
        DeletionRequest::default(),
        by_password("password1"),
        by_token("secret-1"),
    ] {
        let outcome = use_case.delete(&caller, &leaving, &context).await;
        assert!(matches!(outcome, Err(DeleteUserError::Disabled)));
    }
    let outcome = use_case
        .confirm(Some(&caller), &OneTimeToken::new("secret-1"))
        .await;
    assert!(matches!(outcome, Err(DeleteUserError::Disabled)));
}

/// GHSA-2vg6-77g8-24mp: the user is deleted in one unit of work with all rows that belong to the user, and every other
/// client of the user is made to delete its session data, including the session cookie cache.
#[tokio::test]
async fn a17_the_sessions_of_a_deleted_user_end_on_every_client() {
    let mut gone = FakeUnitOfWork::default();
    gone.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(None));
    let fake = FakePorts::with_store(FakeStore::new(vec![gone], vec![deletion()]));
    delete(&fake, options(), DeletionRequest::default())
        .await
        .unwrap();

    let reading = Reading {
        may_renew: true,
        reader: Reader::Client,
    };
    let found = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default())
        .current(&a_session().token, reading)
        .await
        .unwrap();
    assert!(found.active_session.is_none());
    assert!(matches!(found.effect, SessionEffect::Clear));
}

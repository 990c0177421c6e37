use portcullis_domain::{
    id::{UserId, VerificationId},
    verification::Verification,
};

use super::*;
use crate::testing::fixtures::{an_account, another_user};

fn secret() -> OneTimeToken {
    OneTimeToken::new("secret-1")
}

fn remembered(purpose: Purpose, text: &str, user: UserId) -> Verification {
    Verification {
        id: VerificationId::new(text),
        purpose,
        secret: OneTimeToken::new(text),
        user_id: user,
        expires_at: start() + TimeDelta::hours(1),
        created_at: start(),
    }
}

/// Tokens of each purpose for the user, the reset token being [`secret`], and a reset token of another user.
fn memory() -> MemoryVerifications {
    let memory = MemoryVerifications::default();
    for purpose in Purpose::ALL {
        memory.remember(remembered(purpose, "secret-1", a_user().id));
    }
    memory.remember(remembered(Purpose::PasswordReset, "secret-2", a_user().id));
    memory.remember(remembered(Purpose::PasswordReset, "secret-3", another_user().id));
    memory
}

fn reading(memory: &MemoryVerifications) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit
}

/// A unit of work that finds the user and sets the password of an existing account, or of none.
fn replacing(memory: &MemoryVerifications, outbox: &Outbox, has_password: bool) -> FakeUnitOfWork {
    let mut unit = storing(memory, outbox);
    unit.users
        .expect_lock()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(Some(a_user())));
    unit.accounts
        .expect_set_hash()
        .withf(|user, hash, now| {
            *user == a_user().id && hash.expose() == "plain:password2" && *now == start()
        })
        .once()
        .return_once(move |_, _, _| Ok(has_password));
    unit.accounts
        .expect_delete_provider_accounts()
        .withf(|user| *user == a_user().id)
        .returning(|_| Ok(()));
    unit.known_addresses
        .expect_delete_by_user()
        .withf(|user| *user == a_user().id)
        .returning(|_| Ok(()));
    unit
}

fn ending_sessions(mut unit: FakeUnitOfWork) -> FakeUnitOfWork {
    unit.sessions
        .expect_delete_by_user()
        .withf(|user| *user == a_user().id)
        .once()
        .return_once(|_| Ok(()));
    unit
}

fn at_home() -> RequestContext {
    RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        ..RequestContext::default()
    }
}

async fn reset(fake: &FakePorts, options: PasswordResetOptions) -> Result<(), PasswordResetError> {
    use_case(fake, options)
        .reset(&secret(), &Password::new("password2"), &at_home())
        .await
}

#[tokio::test]
async fn a_valid_token_sets_a_new_password_and_revokes_every_session() {
    let (memory, outbox) = (memory(), Outbox::default());
    let unit = ending_sessions(replacing(&memory, &outbox, true));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    reset(&fake, options()).await.unwrap();

    let messages = outbox.messages();
    assert_eq!(
        (messages.len(), messages[0].kind),
        (1, MessageKind::PasswordChanged)
    );
    assert_eq!(messages[0].to, a_user().email.into());
    assert_eq!(fake.hasher.work(), 1);
}

/// Tokens that were requested with the old password are revoked. Tokens that verify the address stay valid.
#[tokio::test]
async fn a_reset_revokes_every_token_of_the_user_except_verifications_of_the_address() {
    let (memory, outbox) = (memory(), Outbox::default());
    let unit = ending_sessions(replacing(&memory, &outbox, true));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    reset(&fake, options()).await.unwrap();

    for purpose in Purpose::ALL {
        let left: Vec<_> = memory.of(purpose).into_iter().map(|row| row.user_id).collect();
        let expected = match purpose {
            Purpose::EmailVerification | Purpose::AuthorizationState | Purpose::TokenRefresh => {
                vec![a_user().id]
            }
            Purpose::PasswordReset => vec![another_user().id],
            Purpose::AccountDeletion
            | Purpose::EmailChangeConfirmation
            | Purpose::EmailChangeVerification
            | Purpose::TwoFactorChallenge
            | Purpose::TrustedDevice => Vec::new(),
        };
        assert_eq!(left, expected, "{purpose:?}");
    }
}

#[tokio::test]
async fn a_token_resets_the_password_once() {
    let (memory, outbox) = (memory(), Outbox::default());
    let unit = ending_sessions(replacing(&memory, &outbox, true));
    let reads = vec![reading(&memory), reading(&memory)];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    reset(&fake, options()).await.unwrap();
    let error = reset(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::InvalidToken));
    assert_eq!((fake.hasher.work(), outbox.messages().len()), (1, 1));
}

#[tokio::test]
async fn the_second_of_two_concurrent_resets_changes_nothing() {
    let (memory, outbox) = (memory(), Outbox::default());
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(a_user());
    unit.verifications
        .expect_consume()
        .once()
        .return_once(|_, _| Ok(None));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    let error = reset(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::InvalidToken));
    assert!(outbox.messages().is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn an_unknown_or_expired_token_costs_no_hash() {
    let memory = memory();
    for (after, age) in [(MemoryVerifications::default(), 0), (memory.clone(), 3_600_001)] {
        let fake = FakePorts::with_store(FakeStore::new(vec![reading(&after)], Vec::new()));
        fake.clock.advance(TimeDelta::milliseconds(age));
        let error = reset(&fake, options()).await.unwrap_err();
        assert!(matches!(error, PasswordResetError::InvalidToken));
        assert_eq!(fake.hasher.work(), 0);
    }
    assert_eq!(memory.of(Purpose::PasswordReset).len(), 3);
}

#[tokio::test]
async fn checking_a_token_does_not_consume_it_and_respects_its_expiry() {
    let memory = memory();
    let reads = (0..3).map(|_| reading(&memory)).collect();
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let use_case = use_case(&fake, options());
    fake.clock.advance(TimeDelta::hours(1));
    assert!(use_case.is_live(&secret()).await.unwrap());
    assert!(!use_case.is_live(&OneTimeToken::new("made-up")).await.unwrap());
    fake.clock.advance(TimeDelta::milliseconds(1));
    assert!(!use_case.is_live(&secret()).await.unwrap());
    assert_eq!(memory.of(Purpose::PasswordReset).len(), 3);
}

#[tokio::test]
async fn a_user_without_a_password_gets_a_credential_account() {
    let (memory, outbox) = (memory(), Outbox::default());
    let mut unit = ending_sessions(replacing(&memory, &outbox, false));
    unit.accounts
        .expect_insert()
        .withf(|account| {
            let hash = account.password.as_ref().unwrap();
            account.user_id == a_user().id
                && account.provider_id == an_account("").provider_id
                && hash.expose() == "plain:password2"
        })
        .once()
        .return_once(|_| Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    reset(&fake, options()).await.unwrap();
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn sessions_stay_and_no_notice_is_sent_if_so_configured() {
    let (memory, outbox) = (memory(), Outbox::default());
    let unit = replacing(&memory, &outbox, true);
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    let mut lenient = PasswordResetOptions {
        revokes_sessions: false,
        ..options()
    };
    lenient.messages.has_notices = false;
    reset(&fake, lenient).await.unwrap();
    assert!(outbox.messages().is_empty() && fake.store.has_committed());
}

#[tokio::test]
async fn a_reset_deletes_the_counts_of_failed_sign_ins() {
    let (memory, outbox) = (memory(), Outbox::default());
    let mut unit = ending_sessions(replacing(&memory, &outbox, true));
    unit.expect_forgotten_failures("192.0.2.7");
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    let limited = ServiceOptions {
        credentials: limited_credential_options(),
        ..ServiceOptions::default()
    };
    let services = Services::new(&fake.ports, limited);
    let use_case = PasswordReset::new(
        &fake.ports,
        (services.credentials, FirstProof::default()),
        options(),
    );
    let password = Password::new("password2");
    use_case.reset(&secret(), &password, &at_home()).await.unwrap();
}

#[tokio::test]
async fn a_password_outside_the_policy_is_rejected_before_the_token_is_read() {
    let fake = FakePorts::with_store(FakeStore::default());
    let use_case = use_case(&fake, options());
    for (text, length) in [
        ("1234567".to_owned(), PasswordRejection::TooShort),
        ("x".repeat(129), PasswordRejection::TooLong),
    ] {
        let password = Password::new(text);
        let error = use_case
            .reset(&secret(), &password, &at_home())
            .await
            .unwrap_err();
        assert!(matches!(error, PasswordResetError::Password(refusal) if refusal == length));
    }
}

#[tokio::test]
async fn a_token_of_a_deleted_user_is_rejected() {
    let (memory, outbox) = (memory(), Outbox::default());
    let mut unit = storing(&memory, &outbox);
    unit.users.expect_lock().once().return_once(|_| Ok(None));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    let error = reset(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::InvalidToken));
    assert!(!fake.store.has_committed());
}

#[tokio::test]
async fn a_reset_that_fails_half_way_keeps_the_token_and_sends_no_notice() {
    let (memory, outbox) = (memory(), Outbox::default());
    let mut unit = replacing(&memory, &outbox, true);
    unit.sessions
        .expect_delete_by_user()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading(&memory)], vec![unit]));
    let error = reset(&fake, options()).await.unwrap_err();
    assert!(matches!(error, PasswordResetError::Failure(_)));
    assert_eq!(memory.of(Purpose::PasswordReset).len(), 3);
    assert!(outbox.messages().is_empty());
}

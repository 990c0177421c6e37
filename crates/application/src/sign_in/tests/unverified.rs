use portcullis_domain::{
    message::MessageKind, password::PasswordHash, rate_limit::Decision, verification::Purpose,
};

use super::*;
use crate::testing::{
    MemoryVerifications, Outbox,
    fixtures::{a_verified_user, silent_message_options},
};

fn requiring_verification() -> Setup {
    let mut setup = Setup::default();
    setup.passwords.requires_verified_email = true;
    setup
}

/// A unit of work that stores tokens and queues messages.
fn sending(memory: &MemoryVerifications, outbox: &Outbox) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    outbox.serve(&mut unit);
    unit
}

#[tokio::test]
async fn a_user_with_an_unverified_address_is_rejected_and_sent_a_link() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let store = FakeStore::new(reads("plain:password1"), vec![sending(&memory, &outbox)]);
    let fake = FakePorts::with_store(store);
    let error = sign_in(&fake, requiring_verification(), command("password1"))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::EmailNotVerified));

    let message = outbox.only();
    assert_eq!(
        (message.kind, &message.to),
        (MessageKind::VerifyEmail, &a_user().email.into())
    );
    assert_eq!(message.expires_at, Some(start() + TimeDelta::hours(1)));
    let link = message.link().unwrap();
    assert!(link.url.expose().ends_with("&callbackURL=%2Fhome"));
    let remembered = memory.of(Purpose::EmailVerification);
    assert_eq!(remembered[0].secret.expose(), link.token.expose());
    assert_eq!(remembered[0].user_id, a_user().id);
}

#[tokio::test]
async fn a_wrong_password_is_rejected_and_nothing_is_sent() {
    for hash in [None, Some("plain:password1")] {
        let reads = vec![
            read_user(Some(a_user())),
            read_account(hash),
            refused_sign_up(None),
        ];
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let error = sign_in(&fake, requiring_verification(), command("password2"))
            .await
            .unwrap_err();
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (2, vec![FLOOR]));
        assert!(!fake.store.has_committed());
    }
}

/// The password of a rejected sign-up gets the same response, and its attempts are counted.
#[tokio::test]
async fn an_attempt_that_is_rejected_for_an_unverified_address_stays_counted() {
    let (memory, outbox) = (MemoryVerifications::default(), Outbox::default());
    let unit = sending(&memory, &outbox);
    let reads = attempts::counted(attempts::attempt(Decision::Allowed));
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    let both = Setup {
        services: attempts::limited().services,
        ..requiring_verification()
    };
    let error = sign_in(&fake, both, command("password1")).await.unwrap_err();
    assert!(matches!(error, SignInError::EmailNotVerified));
    assert_eq!(outbox.messages().len(), 1);
    assert_eq!(fake.clock.slept(), [FLOOR]);
}

/// Reads of a user with a verified address, and these.
fn verified_reads(rest: Vec<FakeUnitOfWork>) -> Vec<FakeUnitOfWork> {
    let mut reads = vec![
        read_user(Some(a_verified_user())),
        read_account(Some("plain:password1")),
    ];
    reads.extend(rest);
    reads
}

fn refused_sign_up(password: Option<&'static str>) -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.refused_sign_ups
        .expect_find()
        .withf(|user| *user == a_user().id)
        .returning(move |_| Ok(password.map(PasswordHash::new)));
    read
}

/// Otherwise the response would reveal that a user has the e-mail address.
#[tokio::test]
async fn sign_in_with_the_password_of_a_rejected_sign_up_is_answered_as_if_the_sign_up_had_succeeded() {
    let reads = verified_reads(vec![refused_sign_up(Some("plain:password2"))]);
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let error = sign_in(&fake, requiring_verification(), command("password2"))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::EmailNotVerified));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    for kept in [None, Some("plain:password3")] {
        let reads = verified_reads(vec![refused_sign_up(kept)]);
        let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
        let error = sign_in(&fake, requiring_verification(), command("password2"))
            .await
            .unwrap_err();
        assert!(matches!(error, SignInError::InvalidCredentials));
        assert_eq!(fake.hasher.work(), 2);
    }
}

#[tokio::test]
async fn no_link_is_sent_if_links_are_disabled_or_nothing_can_be_sent() {
    let (mut silent, mut unwanted) = (requiring_verification(), requiring_verification());
    silent.passwords.messages = silent_message_options();
    unwanted.passwords.sends_verification_link = false;
    for setup in [silent, unwanted] {
        let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), Vec::new()));
        let error = sign_in(&fake, setup, command("password1")).await.unwrap_err();
        assert!(matches!(error, SignInError::EmailNotVerified));
    }
}

#[tokio::test]
async fn the_token_of_a_link_that_cannot_be_queued_is_not_stored() {
    let memory = MemoryVerifications::default();
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(reads("plain:password1"), vec![unit]));
    let error = sign_in(&fake, requiring_verification(), command("password1"))
        .await
        .unwrap_err();
    assert!(matches!(error, SignInError::Failure(_)));
    assert!(memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn a_user_with_a_verified_address_is_signed_in() {
    let fake = FakePorts::with_store(FakeStore::new(
        verified_reads(Vec::new()),
        vec![starting_session()],
    ));
    let signed_in = sign_in(&fake, requiring_verification(), command("password1"))
        .await
        .unwrap();
    assert_eq!(signed_in.user, a_verified_user());
}

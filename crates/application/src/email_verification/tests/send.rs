use super::*;

async fn send(
    fake: &FakePorts,
    options: EmailVerificationOptions,
    by: Option<User>,
) -> Result<(), EmailVerificationError> {
    let by = by.map(calling);
    let command = SendLink {
        email: a_user().email,
        text: a_user().email.as_str().to_owned(),
        callback: Some("/done".to_owned()),
    };
    EmailVerification::new(&fake.ports, options)
        .send(by.as_ref(), &command, &RequestContext::default())
        .await
}

#[tokio::test]
async fn whether_an_address_is_unknown_unproven_or_proven_shows_in_neither_work_nor_time() {
    let sent = Sent::default();
    for user in [None, Some(a_user()), Some(a_proven_user())] {
        let fake = FakePorts::around(FakeStore::new(vec![look(user)], vec![sent.unit()]));
        send(&fake, options(), None).await.unwrap();
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (0, vec![FLOOR]));
    }
    assert_eq!(sent.outbox.messages().len(), 1);
}

#[tokio::test]
async fn a_link_is_sent_to_the_address_and_remembered_together() {
    for by in [None, Some(a_user())] {
        let sent = Sent::default();
        let reads = if by.is_none() {
            vec![look(Some(a_user()))]
        } else {
            Vec::new()
        };
        let fake = FakePorts::around(FakeStore::new(reads, vec![sent.unit()]));
        send(&fake, options(), by).await.unwrap();

        let message = sent.outbox.only();
        let link = message.link.as_ref().unwrap();
        let remembered = sent.memory.of(Purpose::EmailVerification);
        let end = start() + TimeDelta::hours(1);
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::VerifyEmail, &a_user().email)
        );
        assert_eq!(message.expires_at, Some(end));
        assert!(link.url.expose().ends_with("&callbackURL=%2Fdone"));
        assert_eq!(remembered[0].secret.expose(), link.token.expose());
        assert_eq!(
            (&remembered[0].user_id, remembered[0].expires_at),
            (&a_user().id, end)
        );
    }
}

#[tokio::test]
async fn a_caller_is_told_that_the_address_is_another_or_is_proven() {
    let fake = FakePorts::around(FakeStore::default());
    let mismatch = send(&fake, options(), Some(somebody_else())).await;
    assert!(matches!(mismatch, Err(EmailVerificationError::Mismatch)));
    let proven = send(&fake, options(), Some(a_proven_user())).await;
    assert!(matches!(proven, Err(EmailVerificationError::AlreadyVerified)));
}

#[tokio::test]
async fn a_caller_must_know_the_address_to_the_letter() {
    let fake = FakePorts::around(FakeStore::default());
    let caller = calling(a_user());
    let command = SendLink {
        email: a_user().email,
        text: "Ada@example.com".to_owned(),
        callback: None,
    };
    let outcome = EmailVerification::new(&fake.ports, options())
        .send(Some(&caller), &command, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(EmailVerificationError::Mismatch)));
}

#[tokio::test]
async fn where_nothing_can_be_sent_a_link_is_refused_before_anybody_is_looked_for() {
    let silent = || EmailVerificationOptions {
        messages: silent_message_options(),
        ..options()
    };
    let fake = FakePorts::around(FakeStore::default());
    for by in [None, Some(a_user())] {
        let outcome = send(&fake, silent(), by).await;
        assert!(matches!(outcome, Err(EmailVerificationError::Disabled)));
    }
}

#[tokio::test]
async fn a_link_that_cannot_be_queued_is_not_remembered_either() {
    let memory = MemoryVerifications::default();
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.refuses_messages();
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![unit]));
    let outcome = send(&fake, options(), None).await;
    assert!(matches!(outcome, Err(EmailVerificationError::Failure(_))));
    assert!(memory.is_empty() && !fake.store.has_committed());
}

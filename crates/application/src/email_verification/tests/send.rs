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
    use_case(fake, options)
        .send(by.as_ref(), &command, &RequestContext::default())
        .await
}

#[tokio::test]
async fn work_and_time_do_not_reveal_whether_an_address_is_unknown_unverified_or_verified() {
    let sent = Sent::default();
    for user in [None, Some(a_user()), Some(a_verified_user())] {
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(user)], vec![sent.unit()]));
        send(&fake, options(), None).await.unwrap();
        assert_eq!((fake.hasher.work(), fake.clock.slept()), (0, vec![FLOOR]));
    }
    assert_eq!(sent.outbox.messages().len(), 1);
}

#[tokio::test]
async fn a_link_is_sent_and_its_token_stored_together() {
    for by in [None, Some(a_user())] {
        let sent = Sent::default();
        let reads = if by.is_none() {
            vec![read_owner(Some(a_user()))]
        } else {
            Vec::new()
        };
        let fake = FakePorts::with_store(FakeStore::new(reads, vec![sent.unit()]));
        send(&fake, options(), by).await.unwrap();

        let message = sent.outbox.only();
        let link = message.link().unwrap();
        let remembered = sent.memory.of(Purpose::EmailVerification);
        let end = start() + TimeDelta::hours(1);
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::VerifyEmail, &a_user().email.into())
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
async fn a_caller_gets_an_error_if_the_address_is_another_or_already_verified() {
    let fake = FakePorts::with_store(FakeStore::default());
    let mismatch = send(&fake, options(), Some(another_user())).await;
    assert!(matches!(mismatch, Err(EmailVerificationError::Mismatch)));
    let proven = send(&fake, options(), Some(a_verified_user())).await;
    assert!(matches!(proven, Err(EmailVerificationError::AlreadyVerified)));
}

#[tokio::test]
async fn a_caller_must_send_the_address_exactly_as_stored() {
    let fake = FakePorts::with_store(FakeStore::default());
    let caller = calling(a_user());
    let command = SendLink {
        email: a_user().email,
        text: "Ada@example.com".to_owned(),
        callback: None,
    };
    let outcome = use_case(&fake, options())
        .send(Some(&caller), &command, &RequestContext::default())
        .await;
    assert!(matches!(outcome, Err(EmailVerificationError::Mismatch)));
}

#[tokio::test]
async fn a_link_is_rejected_before_any_user_is_read_if_messages_are_disabled() {
    let silent = || EmailVerificationOptions {
        messages: silent_message_options(),
        ..options()
    };
    let fake = FakePorts::with_store(FakeStore::default());
    for by in [None, Some(a_user())] {
        let outcome = send(&fake, silent(), by).await;
        assert!(matches!(outcome, Err(EmailVerificationError::Disabled)));
    }
}

#[tokio::test]
async fn the_token_of_a_link_that_cannot_be_queued_is_not_stored() {
    let memory = MemoryVerifications::default();
    let mut unit = FakeUnitOfWork::default();
    memory.serve(&mut unit);
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    let outcome = send(&fake, options(), None).await;
    assert!(matches!(outcome, Err(EmailVerificationError::Failure(_))));
    assert!(memory.is_empty() && !fake.store.has_committed());
}

use super::*;
use crate::ports::UniqueKey;

fn confirmation() -> LinkRequest {
    LinkRequest::ConfirmChange(new_email())
}

fn verification() -> LinkRequest {
    LinkRequest::VerifyChange(new_email())
}

/// A unit of work that changes the user's address.
fn changing(sent: &Sent) -> FakeUnitOfWork {
    let mut unit = sent.unit();
    expect_email(&mut unit, new_email(), Ok(Some(countess())));
    unit
}

#[tokio::test]
async fn confirming_a_change_sends_a_link_to_the_new_address() {
    for by in [None, Some(a_verified_user())] {
        let sent = Sent::default();
        let link = sent.link(confirmation());
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(a_verified_user()))],
            vec![sent.unit_with_free_address()],
        ));
        let verified = follow(&fake, signing_in(), by, &link).await.unwrap();
        assert!(matches!(verified, Verified::Asked));
        assert_eq!(fake.clock.slept(), [FLOOR]);

        let message = sent.outbox.only();
        let next = message.link().unwrap();
        assert_eq!(
            (message.kind, &message.to),
            (MessageKind::VerifyEmail, &new_email().into())
        );
        assert!(next.url.expose().ends_with("&callbackURL=%2Fdone"));
        let remembered = sent.memory.of(Purpose::EmailChangeVerification);
        assert_eq!(remembered[0].secret.expose(), next.token.expose());
        assert_eq!(remembered[0].user_id, a_user().id);
        assert!(sent.memory.of(Purpose::EmailChangeConfirmation).is_empty());
    }
}

#[tokio::test]
async fn confirming_a_change_does_not_reveal_that_the_new_address_is_taken() {
    let sent = Sent::default();
    let link = sent.link(confirmation());
    let mut unit = sent.unit();
    unit.users
        .expect_find_by_email()
        .returning(|_| Ok(Some(another_user())));
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![unit],
    ));
    let verified = follow(&fake, options(), None, &link).await.unwrap();
    assert!(matches!(verified, Verified::Asked));
    assert_eq!(fake.clock.slept(), [FLOOR]);
    assert!(sent.outbox.messages().is_empty() && sent.memory.is_empty());
}

#[tokio::test]
async fn a_change_can_be_confirmed_once() {
    let sent = Sent::default();
    let link = sent.link(confirmation());
    let reads = vec![
        read_owner(Some(a_verified_user())),
        read_owner(Some(a_verified_user())),
    ];
    let fake = FakePorts::with_store(FakeStore::new(
        reads,
        vec![sent.unit_with_free_address(), sent.unit()],
    ));
    follow(&fake, options(), None, &link).await.unwrap();
    let again = follow(&fake, options(), None, &link).await;
    assert!(matches!(again, Err(FollowLinkError::Invalid)));
    assert_eq!(sent.outbox.messages().len(), 1);
}

#[tokio::test]
async fn a_confirmation_link_stays_valid_if_the_next_message_cannot_be_queued() {
    let sent = Sent::default();
    let link = sent.link(confirmation());
    let mut unit = FakeUnitOfWork::default();
    sent.memory.serve(&mut unit);
    unit.locks_user(a_user());
    unit.users.expect_find_by_email().returning(|_| Ok(None));
    unit.fails_to_queue();
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![unit],
    ));
    let outcome = follow(&fake, options(), None, &link).await;
    assert!(matches!(outcome, Err(FollowLinkError::Failure(_))));
    assert_eq!(sent.memory.of(Purpose::EmailChangeConfirmation).len(), 1);
}

#[tokio::test]
async fn verifying_the_new_address_changes_it_and_notifies_the_old_one() {
    let sent = Sent::default();
    let link = sent.link(verification());
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![changing(&sent)],
    ));
    let verified = follow(&fake, options(), None, &link).await.unwrap();
    let Verified::Changed(
        user,
        ClientEffects {
            session: SessionEffect::Unchanged,
            ..
        },
    ) = verified
    else {
        panic!("no session starts: {verified:?}");
    };
    assert_eq!(*user, countess());
    let messages = sent.outbox.messages();
    assert_eq!((messages.len(), messages[0].kind), (1, MessageKind::EmailChanged));
    assert_eq!(messages[0].to, a_user().email.into());
    assert!(messages[0].link().is_none());
}

#[tokio::test]
async fn a_change_revokes_all_tokens_that_were_sent_to_the_old_address() {
    let sent = Sent::default();
    let link = sent.link(verification());
    for purpose in Purpose::ALL {
        for user in [a_user(), another_user()] {
            let text = format!("{purpose:?} of {}", user.id);
            sent.memory.remember(Verification {
                id: VerificationId::new(text.clone()),
                purpose,
                secret: OneTimeToken::new(text),
                user_id: user.id,
                expires_at: start() + TimeDelta::days(1),
                created_at: start(),
            });
        }
    }
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![changing(&sent)],
    ));
    follow(&fake, options(), None, &link).await.unwrap();
    for purpose in Purpose::ALL {
        let left: Vec<_> = sent
            .memory
            .of(purpose)
            .into_iter()
            .map(|row| row.user_id)
            .collect();
        assert_eq!(left, [another_user().id], "{purpose:?}");
    }
}

#[tokio::test]
async fn a_signed_in_caller_keeps_the_session_with_the_new_address() {
    let sent = Sent::default();
    let link = sent.link(verification());
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![changing(&sent)],
    ));
    let verified = follow(&fake, options(), Some(a_verified_user()), &link)
        .await
        .unwrap();
    let Verified::Changed(
        _,
        ClientEffects {
            session:
                SessionEffect::Store {
                    active_session,
                    lifetime,
                },
            ..
        },
    ) = verified
    else {
        panic!("the session is kept: {verified:?}");
    };
    assert_eq!((active_session.user.clone(), lifetime), (countess(), None));
    assert_eq!(active_session.session.token.expose(), "token-1");
}

#[tokio::test]
async fn a_client_without_a_session_is_signed_in_only_if_links_sign_in() {
    let sent = Sent::default();
    let link = sent.link(verification());
    let mut unit = changing(&sent);
    expect_session(&mut unit);
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_verified_user()))],
        vec![unit],
    ));
    let verified = follow(&fake, signing_in(), None, &link).await.unwrap();
    let Verified::Changed(
        _,
        ClientEffects {
            session: SessionEffect::Store { active_session, .. },
            ..
        },
    ) = verified
    else {
        panic!("a session starts: {verified:?}");
    };
    assert_eq!(active_session.user, countess());
    assert_ne!(active_session.session.token.expose(), "token-1");
}

#[tokio::test]
async fn a_change_link_works_once_and_does_not_sign_in_again() {
    let sent = Sent::default();
    let link = sent.link(verification());
    let mut unit = changing(&sent);
    expect_session(&mut unit);
    let reads = vec![read_owner(Some(a_verified_user())), read_owner(None)];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![unit]));
    follow(&fake, signing_in(), None, &link).await.unwrap();
    let again = follow(&fake, signing_in(), None, &link).await;
    assert!(matches!(again, Err(FollowLinkError::UserNotFound)));
}

/// The user has changed back to the old address since.
#[tokio::test]
async fn a_change_that_was_undone_is_not_repeated_by_the_same_link() {
    let sent = Sent::default();
    let link = sent.link(verification());
    let reads = vec![
        read_owner(Some(a_verified_user())),
        read_owner(Some(a_verified_user())),
    ];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![changing(&sent), sent.unit()]));
    follow(&fake, options(), None, &link).await.unwrap();
    let again = follow(&fake, options(), None, &link).await;
    assert!(matches!(again, Err(FollowLinkError::Invalid)));
    assert_eq!(sent.outbox.messages().len(), 1);
}

#[tokio::test]
async fn a_caller_who_is_signed_in_as_another_user_changes_nothing() {
    for request in [confirmation(), verification()] {
        let sent = Sent::default();
        let link = sent.link(request);
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(a_verified_user()))],
            Vec::new(),
        ));
        let outcome = follow(&fake, signing_in(), Some(another_user()), &link).await;
        assert!(matches!(outcome, Err(FollowLinkError::Unauthorized)));
        assert!(!sent.memory.is_empty());
    }
}

#[tokio::test]
async fn nothing_changes_if_the_address_was_taken_or_the_user_changed_meanwhile() {
    for outcome in [Err(WriteError::Taken(UniqueKey::UserEmail)), Ok(None)] {
        let sent = Sent::default();
        let link = sent.link(verification());
        let mut unit = sent.unit();
        expect_email(&mut unit, new_email(), outcome);
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(a_verified_user()))],
            vec![unit],
        ));
        let refused = follow(&fake, signing_in(), None, &link).await;
        assert!(matches!(refused, Err(FollowLinkError::Invalid)));
        assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
        assert!(!sent.memory.is_empty());
    }
}

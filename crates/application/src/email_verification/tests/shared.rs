//! Links of a Node server that uses the same secret and database are accepted, once.

use super::*;

fn sharing() -> EmailVerificationOptions {
    EmailVerificationOptions {
        accepts_foreign_links: true,
        ..signing_in()
    }
}

fn requests() -> [LinkRequest; 3] {
    [
        LinkRequest::Verify,
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ]
}

/// A unit of work that carries out the link's request.
fn doing(sent: &Sent, request: &LinkRequest) -> FakeUnitOfWork {
    let mut unit = sent.unit();
    match request {
        LinkRequest::Verify => expect_email(&mut unit, a_user().email, Ok(Some(a_verified_user()))),
        LinkRequest::VerifyChange(to) => expect_email(&mut unit, to.clone(), Ok(Some(countess()))),
        LinkRequest::ConfirmChange(_) => return sent.unit_with_free_address(),
    }
    if follower(request).is_none() {
        expect_session(&mut unit);
    }
    unit
}

/// Returns the caller who follows a link: a change of address requires the user's own session.
fn follower(request: &LinkRequest) -> Option<User> {
    match request {
        LinkRequest::Verify => None,
        LinkRequest::ConfirmChange(_) | LinkRequest::VerifyChange(_) => Some(a_user()),
    }
}

/// Follows the link twice; both times the user is read unchanged.
async fn follow_twice(sent: &Sent, request: LinkRequest, link: &OneTimeToken) {
    let units = vec![doing(sent, &request), sent.unit()];
    let reads = vec![read_owner(Some(a_user())), read_owner(Some(a_user()))];
    let fake = FakePorts::with_store(FakeStore::new(reads, units));
    let by = || follower(&request);
    follow(&fake, sharing(), by(), link).await.unwrap();
    let messages = sent.outbox.messages().len();
    let again = follow(&fake, sharing(), by(), link).await;
    assert!(matches!(again, Err(FollowLinkError::Invalid)), "{request:?}");
    assert_eq!(sent.outbox.messages().len(), messages);
}

#[tokio::test]
async fn a_link_of_another_server_is_accepted_once() {
    for request in requests() {
        let link = foreign_link(request.clone());
        follow_twice(&Sent::default(), request, &link).await;
    }
}

#[tokio::test]
async fn a_link_of_this_server_is_not_accepted_again_as_one_of_another_server() {
    for request in requests() {
        let sent = Sent::default();
        let link = sent.link(request.clone());
        follow_twice(&sent, request, &link).await;
    }
}

#[tokio::test]
async fn a_link_of_another_server_can_be_followed_again_after_a_failure() {
    let sent = Sent::default();
    let link = foreign_link(LinkRequest::Verify);
    let mut failing = sent.unit();
    expect_email(
        &mut failing,
        a_user().email,
        Err(Failure::unavailable("unreachable").into()),
    );
    let units = vec![failing, doing(&sent, &LinkRequest::Verify)];
    let reads = vec![read_owner(Some(a_user())), read_owner(Some(a_user()))];
    let fake = FakePorts::with_store(FakeStore::new(reads, units));
    let first = follow(&fake, sharing(), None, &link).await;
    assert!(matches!(first, Err(FollowLinkError::Failure(_))));
    let second = follow(&fake, sharing(), None, &link).await.unwrap();
    assert!(matches!(
        second,
        Verified::Proven(ClientEffects {
            session: SessionEffect::Store { .. },
            ..
        })
    ));
}

#[tokio::test]
async fn a_link_of_another_server_is_claimed_for_its_purpose_until_it_expires() {
    for request in requests() {
        let link = foreign_link(request.clone());
        let (purpose, text) = (request.purpose(), link.expose().clone());
        let mut unit = FakeUnitOfWork::default();
        unit.locks_user(a_user());
        unit.verifications
            .expect_consume()
            .once()
            .return_once(|_, _| Ok(None));
        unit.verifications
            .expect_mark_used()
            .withf(move |of, secret, until, now| {
                (*of, secret.expose(), *until, *now)
                    == (purpose, &text, start() + TimeDelta::hours(1), start())
            })
            .once()
            .return_once(|_, _, _, _| Ok(false));
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
        let outcome = follow(&fake, sharing(), follower(&request), &link).await;
        assert!(matches!(outcome, Err(FollowLinkError::Invalid)));
        assert!(!fake.store.has_committed());
    }
}

/// An earlier owner of the address may have requested the link.
#[tokio::test]
async fn a_link_of_another_server_changes_an_address_only_in_the_users_own_session() {
    for request in [
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ] {
        let sent = Sent::default();
        let link = foreign_link(request);
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(a_user()))],
            vec![sent.unit()],
        ));
        let outcome = follow(&fake, sharing(), None, &link).await;
        assert!(matches!(outcome, Err(FollowLinkError::Invalid)));
        assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
    }
}

/// The user may have taken the address after the link was created for its earlier owner.
#[tokio::test]
async fn a_link_of_another_server_is_accepted_only_if_the_user_was_not_changed_since() {
    for request in requests() {
        let sent = Sent::default();
        let link = foreign_link(request.clone());
        let changed = User {
            updated_at: start() + TimeDelta::seconds(1),
            ..a_user()
        };
        let mut unit = sent.unit();
        unit.users.checkpoint();
        unit.locks_user(changed.clone());
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(changed.clone()))],
            vec![unit],
        ));
        let by = follower(&request).map(|_user| changed);
        let outcome = follow(&fake, sharing(), by, &link).await;
        assert!(matches!(outcome, Err(FollowLinkError::Invalid)), "{request:?}");
    }
}

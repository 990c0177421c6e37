use super::*;

/// A unit of work in which the user's address is proven.
fn proving(sent: &Sent) -> FakeUnitOfWork {
    let mut unit = sent.unit();
    expect_email(&mut unit, a_user().email, Ok(Some(a_proven_user())));
    unit
}

#[tokio::test]
async fn whoever_follows_the_link_has_proven_the_address_and_is_not_signed_in() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![proving(&sent)]));
    let verified = follow(&fake, options(), None, &link).await.unwrap();
    assert!(matches!(verified, Verified::Proven(SessionEffect::None)));
    assert!(fake.store.has_committed() && sent.memory.is_empty());
}

#[tokio::test]
async fn a_link_signs_in_where_the_deployment_wants_it_so() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = proving(&sent);
    expect_session(&mut unit);
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![unit]));
    let verified = follow(&fake, signing_in(), None, &link).await.unwrap();
    let Verified::Proven(SessionEffect::Keep { presence, lifetime }) = verified else {
        panic!("a session begins: {verified:?}");
    };
    assert_eq!(
        (presence.user.clone(), lifetime),
        (a_proven_user(), Some(TimeDelta::days(7)))
    );
    assert_ne!(presence.session.token.expose(), "token-1");
}

/// A victim who follows an attacker's link must not be switched to the attacker's account.
#[tokio::test]
async fn a_link_never_replaces_the_session_of_another_user() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![proving(&sent)]));
    let verified = follow(&fake, signing_in(), Some(somebody_else()), &link)
        .await
        .unwrap();
    assert!(matches!(verified, Verified::Proven(SessionEffect::None)));
}

/// An attacker may have signed up with the address of another.
#[tokio::test]
async fn the_first_proof_of_an_address_ends_all_sessions_but_the_one_in_which_it_is_given() {
    for by in [None, Some(a_user())] {
        let sent = Sent::default();
        let link = sent.link(LinkRequest::Verify);
        let mut unit = FakeUnitOfWork::default();
        sent.memory.serve(&mut unit);
        unit.holds(a_user());
        expect_email(&mut unit, a_user().email, Ok(Some(a_proven_user())));
        unit.known_addresses
            .expect_delete_by_user()
            .withf(|user| *user == a_user().id)
            .once()
            .return_once(|_| Ok(()));
        if by.is_some() {
            unit.sessions
                .expect_delete_others_of_user()
                .withf(|user, keep| *user == a_user().id && keep.expose() == "token-1")
                .once()
                .return_once(|_, _| Ok(()));
        } else {
            unit.sessions
                .expect_delete_by_user()
                .withf(|user| *user == a_user().id)
                .once()
                .return_once(|_| Ok(()));
        }
        let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![unit]));
        follow(&fake, options(), by, &link).await.unwrap();
        assert!(fake.store.has_committed());
    }
}

#[tokio::test]
async fn whoever_is_signed_in_already_stays_so_in_the_same_session() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![proving(&sent)]));
    let verified = follow(&fake, signing_in(), Some(a_user()), &link).await.unwrap();
    let Verified::Proven(SessionEffect::Keep { presence, lifetime }) = verified else {
        panic!("the session goes on: {verified:?}");
    };
    assert_eq!((presence.user.clone(), lifetime), (a_proven_user(), None));
    assert_eq!(presence.session.token.expose(), "token-1");
}

/// Whatever looks at mails before people do may have followed it.
#[tokio::test]
async fn a_link_that_is_followed_again_is_fine_and_does_nothing_and_never_signs_in() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut first = proving(&sent);
    expect_session(&mut first);
    let reads = vec![look(Some(a_user())), look(Some(a_proven_user()))];
    let fake = FakePorts::around(FakeStore::new(reads, vec![first]));
    follow(&fake, signing_in(), None, &link).await.unwrap();
    let again = follow(&fake, signing_in(), None, &link).await.unwrap();
    assert!(matches!(again, Verified::Proven(SessionEffect::None)));
}

/// The address was proven, and then made unproven: by an operator, say.
#[tokio::test]
async fn a_link_that_was_followed_never_proves_the_address_again() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let reads = vec![look(Some(a_user())), look(Some(a_user()))];
    let fake = FakePorts::around(FakeStore::new(reads, vec![proving(&sent), sent.unit()]));
    follow(&fake, options(), None, &link).await.unwrap();
    let again = follow(&fake, options(), None, &link).await;
    assert!(matches!(again, Err(LinkRefused::Invalid)));
}

#[tokio::test]
async fn a_link_that_is_too_old_or_not_genuine_is_refused_before_anybody_is_looked_for() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::around(FakeStore::default());
    let forged = follow(&fake, options(), None, &OneTimeSecret::new("forged")).await;
    assert!(matches!(forged, Err(LinkRefused::Invalid)));
    fake.clock
        .advance(TimeDelta::hours(1) + TimeDelta::milliseconds(1));
    let expired = follow(&fake, options(), None, &link).await;
    assert!(matches!(expired, Err(LinkRefused::Expired)));
}

#[tokio::test]
async fn a_genuine_link_of_which_nothing_is_remembered_is_worth_nothing() {
    for request in [
        LinkRequest::Verify,
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ] {
        let sent = Sent::default();
        let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![sent.unit()]));
        let outcome = follow(&fake, signing_in(), None, &foreign_link(request)).await;
        assert!(matches!(outcome, Err(LinkRefused::Invalid)));
        assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
    }
}

#[tokio::test]
async fn where_nobody_has_the_address_any_more_the_link_is_nobodys() {
    let sent = Sent::default();
    for request in [
        LinkRequest::Verify,
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ] {
        let link = sent.link(request);
        let fake = FakePorts::around(FakeStore::new(vec![look(None)], Vec::new()));
        let outcome = follow(&fake, options(), None, &link).await;
        assert!(matches!(outcome, Err(LinkRefused::UserNotFound)));
    }
}

/// Better Auth found the user of a link by the address alone until 1.7.16: whoever had the address by then was
/// proven, changed or signed in by a link that was made for somebody else.
#[tokio::test]
async fn a39_a_link_is_worth_nothing_once_another_user_has_the_address_it_was_made_for() {
    let swapped = User {
        email: a_user().email,
        ..somebody_else()
    };
    for shares_links in [false, true] {
        for request in [
            LinkRequest::Verify,
            LinkRequest::ConfirmChange(new_email()),
            LinkRequest::VerifyChange(new_email()),
        ] {
            let sent = Sent::default();
            let link = sent.link(request);
            let fake = FakePorts::around(FakeStore::new(
                vec![look(Some(swapped.clone()))],
                vec![sent.unit()],
            ));
            let options = EmailVerificationOptions {
                shares_links,
                ..signing_in()
            };
            let outcome = follow(&fake, options, None, &link).await;
            assert!(matches!(outcome, Err(LinkRefused::Invalid)));
            assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
            assert!(!sent.memory.is_empty());
        }
    }
}

#[tokio::test]
async fn a_user_who_is_changed_meanwhile_proves_nothing_and_the_link_stays() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = sent.unit();
    expect_email(&mut unit, a_user().email, Ok(None));
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![unit]));
    let outcome = follow(&fake, options(), None, &link).await;
    assert!(matches!(outcome, Err(LinkRefused::Invalid)));
    assert!(!sent.memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn a_session_that_cannot_be_stored_leaves_the_link_and_proves_nothing() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = proving(&sent);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(Failure::unavailable("away").into()));
    let fake = FakePorts::around(FakeStore::new(vec![look(Some(a_user()))], vec![unit]));
    let outcome = follow(&fake, signing_in(), None, &link).await;
    assert!(matches!(outcome, Err(LinkRefused::Failure(_))));
    assert!(!sent.memory.is_empty() && !fake.store.has_committed());
}

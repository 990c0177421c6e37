use super::*;
use crate::{
    client_token::TokenEffect,
    sign_in::completion::Challenge,
    testing::seams::{CHALLENGE, challenging, refusing},
};

/// A unit of work that verifies the user's address.
fn verifying(sent: &Sent) -> FakeUnitOfWork {
    let mut unit = sent.unit();
    expect_email(&mut unit, a_user().email, Ok(Some(a_verified_user())));
    unit
}

#[tokio::test]
async fn following_a_link_verifies_the_address_without_signing_in() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_user()))],
        vec![verifying(&sent)],
    ));
    let verified = follow(&fake, options(), None, &link).await.unwrap();
    assert!(matches!(
        verified,
        Verified::Proven(ClientEffects {
            session: SessionEffect::Unchanged,
            ..
        })
    ));
    assert!(fake.store.has_committed() && sent.memory.is_empty());
}

#[tokio::test]
async fn a_link_signs_the_user_in_if_so_configured() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = verifying(&sent);
    expect_session(&mut unit);
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    let verified = follow(&fake, signing_in(), None, &link).await.unwrap();
    let Verified::Proven(ClientEffects {
        session: SessionEffect::Store {
            active_session,
            lifetime,
        },
        ..
    }) = verified
    else {
        panic!("a session starts: {verified:?}");
    };
    assert_eq!(
        (active_session.user.clone(), lifetime),
        (a_verified_user(), Some(TimeDelta::days(7)))
    );
    assert_ne!(active_session.session.token.expose(), "token-1");
}

/// A victim who follows an attacker's link must not be switched to the attacker's account.
#[tokio::test]
async fn a_link_never_replaces_the_session_of_another_user() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_user()))],
        vec![verifying(&sent)],
    ));
    let verified = follow(&fake, signing_in(), Some(another_user()), &link)
        .await
        .unwrap();
    assert!(matches!(
        verified,
        Verified::Proven(ClientEffects {
            session: SessionEffect::Unchanged,
            ..
        })
    ));
}

/// An attacker may have signed up with another person's address.
#[tokio::test]
async fn the_first_verification_of_an_address_revokes_all_other_sessions() {
    for by in [None, Some(a_user())] {
        let sent = Sent::default();
        let link = sent.link(LinkRequest::Verify);
        let mut unit = FakeUnitOfWork::default();
        sent.memory.serve(&mut unit);
        unit.locks_user(a_user());
        expect_email(&mut unit, a_user().email, Ok(Some(a_verified_user())));
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
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
        follow(&fake, options(), by, &link).await.unwrap();
        assert!(fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_signed_in_user_keeps_the_session() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_user()))],
        vec![verifying(&sent)],
    ));
    let verified = follow(&fake, signing_in(), Some(a_user()), &link).await.unwrap();
    let Verified::Proven(ClientEffects {
        session: SessionEffect::Store {
            active_session,
            lifetime,
        },
        ..
    }) = verified
    else {
        panic!("the session is kept: {verified:?}");
    };
    assert_eq!((active_session.user.clone(), lifetime), (a_verified_user(), None));
    assert_eq!(active_session.session.token.expose(), "token-1");
}

/// A mail scanner may have followed it before the user does.
#[tokio::test]
async fn following_a_link_again_succeeds_without_effect_and_never_signs_in() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut first = verifying(&sent);
    expect_session(&mut first);
    let reads = vec![read_owner(Some(a_user())), read_owner(Some(a_verified_user()))];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![first]));
    follow(&fake, signing_in(), None, &link).await.unwrap();
    let again = follow(&fake, signing_in(), None, &link).await.unwrap();
    assert!(matches!(
        again,
        Verified::Proven(ClientEffects {
            session: SessionEffect::Unchanged,
            ..
        })
    ));
}

/// The address was verified and then made unverified, for example by an operator.
#[tokio::test]
async fn a_followed_link_never_verifies_the_address_again() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let reads = vec![read_owner(Some(a_user())), read_owner(Some(a_user()))];
    let fake = FakePorts::with_store(FakeStore::new(reads, vec![verifying(&sent), sent.unit()]));
    follow(&fake, options(), None, &link).await.unwrap();
    let again = follow(&fake, options(), None, &link).await;
    assert!(matches!(again, Err(FollowLinkError::Invalid)));
}

#[tokio::test]
async fn an_expired_or_forged_link_is_rejected_before_any_user_is_read() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let fake = FakePorts::with_store(FakeStore::default());
    let forged = follow(&fake, options(), None, &OneTimeToken::new("forged")).await;
    assert!(matches!(forged, Err(FollowLinkError::Invalid)));
    fake.clock
        .advance(TimeDelta::hours(1) + TimeDelta::milliseconds(1));
    let expired = follow(&fake, options(), None, &link).await;
    assert!(matches!(expired, Err(FollowLinkError::Expired)));
}

#[tokio::test]
async fn a_genuine_link_without_a_stored_token_is_rejected() {
    for request in [
        LinkRequest::Verify,
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ] {
        let sent = Sent::default();
        let fake = FakePorts::with_store(FakeStore::new(
            vec![read_owner(Some(a_user()))],
            vec![sent.unit()],
        ));
        let outcome = follow(&fake, signing_in(), None, &foreign_link(request)).await;
        assert!(matches!(outcome, Err(FollowLinkError::Invalid)));
        assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_link_is_rejected_if_no_user_has_the_address_any_more() {
    let sent = Sent::default();
    for request in [
        LinkRequest::Verify,
        LinkRequest::ConfirmChange(new_email()),
        LinkRequest::VerifyChange(new_email()),
    ] {
        let link = sent.link(request);
        let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(None)], Vec::new()));
        let outcome = follow(&fake, options(), None, &link).await;
        assert!(matches!(outcome, Err(FollowLinkError::UserNotFound)));
    }
}

/// Until 1.7.16, Better Auth found the user of a link by the address only: a later owner of the address was verified,
/// changed or signed in by a link that was created for another user.
#[tokio::test]
async fn a39_a_link_is_rejected_once_another_user_has_its_address() {
    let swapped = User {
        email: a_user().email,
        ..another_user()
    };
    for accepts_foreign_links in [false, true] {
        for request in [
            LinkRequest::Verify,
            LinkRequest::ConfirmChange(new_email()),
            LinkRequest::VerifyChange(new_email()),
        ] {
            let sent = Sent::default();
            let link = sent.link(request);
            let fake = FakePorts::with_store(FakeStore::new(
                vec![read_owner(Some(swapped.clone()))],
                vec![sent.unit()],
            ));
            let options = EmailVerificationOptions {
                accepts_foreign_links,
                ..signing_in()
            };
            let outcome = follow(&fake, options, None, &link).await;
            assert!(matches!(outcome, Err(FollowLinkError::Invalid)));
            assert!(sent.outbox.messages().is_empty() && !fake.store.has_committed());
            assert!(!sent.memory.is_empty());
        }
    }
}

#[tokio::test]
async fn if_the_user_changed_meanwhile_nothing_is_verified_and_the_link_stays_valid() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = sent.unit();
    expect_email(&mut unit, a_user().email, Ok(None));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    let outcome = follow(&fake, options(), None, &link).await;
    assert!(matches!(outcome, Err(FollowLinkError::Invalid)));
    assert!(!sent.memory.is_empty() && !fake.store.has_committed());
}

#[tokio::test]
async fn if_the_session_cannot_be_stored_nothing_is_verified_and_the_link_stays_valid() {
    let sent = Sent::default();
    let link = sent.link(LinkRequest::Verify);
    let mut unit = verifying(&sent);
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable").into()));
    let fake = FakePorts::with_store(FakeStore::new(vec![read_owner(Some(a_user()))], vec![unit]));
    let outcome = follow(&fake, signing_in(), None, &link).await;
    assert!(matches!(outcome, Err(FollowLinkError::Failure(_))));
    assert!(!sent.memory.is_empty() && !fake.store.has_committed());
}

/// Follows a link that signs the user in, with these plugins.
async fn follow_with(services: ServiceOptions) -> (FakePorts, Result<Verified, FollowLinkError>) {
    let sent = Sent::default();
    let command = FollowLink {
        token: sent.link(LinkRequest::Verify),
        callback: None,
        remembered: false,
    };
    let fake = FakePorts::with_store(FakeStore::new(
        vec![read_owner(Some(a_user()))],
        vec![verifying(&sent)],
    ));
    let services = Services::new(&fake.ports, services);
    let outcome = EmailVerification::new(&fake.ports, services.completion, signing_in())
        .verify(None, &command, &RequestContext::default())
        .await;
    (fake, outcome)
}

#[tokio::test]
async fn a_link_verifies_the_address_and_challenges_a_user_with_a_second_step() {
    let (fake, outcome) = follow_with(challenging()).await;
    let Ok(Verified::Challenged(Challenge { effects })) = outcome else {
        panic!("the user is challenged: {outcome:?}");
    };
    assert!(effects.session.stored_session().is_none());
    assert!(matches!(
        effects.tokens[..],
        [TokenEffect::Clear { kind: CHALLENGE }]
    ));
    assert!(fake.store.has_committed());
}

#[tokio::test]
async fn a_link_of_a_user_who_may_not_sign_in_is_not_consumed() {
    let (fake, outcome) = follow_with(refusing("REFUSED")).await;
    assert!(matches!(outcome, Err(FollowLinkError::SignInRefused(refusal)) if refusal.name == "REFUSED"));
    assert!(!fake.store.has_committed());
}

use portcullis_domain::{
    two_factor::{self, TwoFactorId},
    verification::Purpose,
};

use super::{world::World, *};
use crate::{
    client_token::SessionEffect,
    testing::{
        fixtures::{a_session, a_user},
        seams::refusing,
    },
    tests::log::Lines,
};

/// Sends a code for the challenge.
async fn verify(server: &Server, code: &str, presented: Presented) -> Result<Verified, TwoFactorError> {
    let totp = &server.two_factor.totp;
    totp.verify(None, code, presented, &challenged()).await
}

/// Sends a code in the user's session.
async fn verify_in_session(world: &World, code: &str) -> (Server, Result<Verified, TwoFactorError>) {
    let server = Server::new(world, options());
    let context = RequestContext::default();
    let by = world.caller();
    let totp = &server.two_factor.totp;
    let verified = totp.verify(Some(&by), code, NOTHING_ASKED, &context).await;
    (server, verified)
}

#[tokio::test]
async fn a_right_code_signs_in_the_user_of_the_challenge_and_consumes_it() {
    for steps in [-1, 0, 1] {
        let world = World::protected();
        let server = Server::new(&world, options());
        let verified = verify(&server, &totp_code(steps), NOTHING_ASKED).await.unwrap();
        assert_eq!(verified.user.id, a_user().id);
        let stored = verified.effects.session.stored_session().unwrap();
        assert_eq!(stored.token.expose(), verified.token.expose());
        assert_eq!(stored.ip_address.as_deref(), Some("192.0.2.7"));
        assert_eq!(described(&verified.effects.tokens), ["clear two_factor"]);
        assert!(world.memory.is_empty());
        assert!(server.has_committed());
    }
}

#[tokio::test]
async fn an_attempt_is_counted_before_the_comparison_and_forgotten_on_success() {
    let world = World::protected();
    let server = Server::new(&world, options());
    verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap();
    assert_eq!(world.log(), ["count", "compare", "forget", "start session"]);
}

#[tokio::test]
async fn a_wrong_code_stays_counted_and_leaves_the_challenge_valid() {
    for code in [totp_code(2), totp_code(-2), "secret".to_owned(), String::new()] {
        let world = World::protected();
        let server = Server::new(&world, options());
        let error = verify(&server, &code, NOTHING_ASKED).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidCode), "{code}");
        assert_eq!(world.log(), ["count", "compare"]);
        assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
        assert!(!server.has_committed());
    }
}

#[tokio::test]
async fn over_the_limit_no_code_is_compared() {
    let world = World::protected();
    world.state().is_denied = true;
    let server = Server::new(&world, options());
    let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::TooManyAttempts(DENIED)));
    assert_eq!(world.log(), ["count", "count warning"]);
}

#[tokio::test]
async fn a_blocked_second_factor_is_logged_once_without_naming_the_user() {
    let world = World::protected();
    world.state().is_denied = true;
    let server = Server::new(&world, options());
    let log = Lines::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    for _ in 0..3 {
        verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    }
    assert_eq!(
        log.logged(),
        " message=the second factors of a user are blocked after ten wrong codes; \
         another person may know the user's password"
    );
}

/// Another request has used the code, or a later one, at the same time or before.
#[tokio::test]
async fn a_code_whose_step_is_used_is_wrong_and_leaves_the_challenge_valid() {
    for used in [0, 1] {
        let world = World::protected();
        world.state().last_step = current_step().checked_add(used);
        let server = Server::new(&world, options());
        let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidCode));
        assert_eq!(world.log(), ["count", "compare"]);
        assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
        assert!(!server.has_committed());
    }
}

#[tokio::test]
async fn a_device_is_trusted_if_the_client_asks_for_it() {
    let world = World::protected();
    let server = Server::new(&world, options());
    let trusting = Presented {
        trusts_device: true,
        is_remembered: false,
    };
    let verified = verify(&server, &totp_code(0), trusting).await.unwrap();
    assert_eq!(
        described(&verified.effects.tokens),
        [
            "clear two_factor",
            "set trust_device for 2592000 s",
            "clear dont_remember"
        ]
    );
    assert!(matches!(
        verified.effects.session,
        SessionEffect::Store { lifetime: None, .. }
    ));
    assert_eq!(world.memory.of(Purpose::TrustedDevice).len(), 1);
}

#[tokio::test]
async fn a_caller_who_has_enrolled_enables_the_second_factor_and_gets_a_new_session() {
    let world = World::enrolled();
    let (server, verified) = verify_in_session(&world, &totp_code(0)).await;
    let verified = verified.unwrap();
    assert!(two_factor::is_enabled(&verified.user));
    assert_ne!(verified.token.expose(), a_session().token.expose());
    let stored = verified.effects.session.stored_session().unwrap();
    assert_eq!(stored.token.expose(), verified.token.expose());
    assert!(verified.effects.tokens.is_empty());
    let log = ["count", "compare", "forget", "start session", "end session"];
    assert_eq!(world.log(), log);
    assert!(server.has_committed());
}

#[tokio::test]
async fn a_caller_whose_second_factor_is_enabled_keeps_the_session() {
    let world = World::protected();
    let (_, verified) = verify_in_session(&world, &totp_code(0)).await;
    let verified = verified.unwrap();
    assert_eq!(verified.token.expose(), a_session().token.expose());
    assert!(matches!(verified.effects.session, SessionEffect::Unchanged));
    assert_eq!(world.log(), ["count", "compare", "forget"]);
    // The challenge belongs to another client.
    assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_enables_nothing() {
    let world = World::enrolled();
    world.state().has_session = false;
    let (server, verified) = verify_in_session(&world, &totp_code(0)).await;
    assert!(matches!(verified.unwrap_err(), TwoFactorError::SessionEnded));
    assert!(!server.has_committed());
}

#[tokio::test]
async fn a_user_without_an_enrolment_is_not_counted() {
    let world = World::protected();
    world.state().two_factor = None;
    let server = Server::new(&world, options());
    let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::TotpNotEnabled));
    assert!(world.log().is_empty());
}

/// The code was right for the secret that was read, which another request replaces before the user is locked.
#[tokio::test]
async fn a_code_of_a_secret_that_was_replaced_meanwhile_is_wrong() {
    for id in [Some("factor-2"), None] {
        let [world, later] = [World::protected(), World::protected()];
        let mut stored = later.state().two_factor.take();
        if let (Some(stored), Some(id)) = (stored.as_mut(), id) {
            stored.id = TwoFactorId::new(id);
        }
        later.state().two_factor = stored.filter(|_| id.is_some());
        let reads = (0..5).map(|_| world.unit()).collect();
        let server = Server::on(FakeStore::new(reads, vec![later.unit()]), &world);
        let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
        assert!(matches!(error, TwoFactorError::InvalidCode), "{id:?}");
        assert_eq!(later.state().last_step, None);
        assert!(!server.has_committed());
    }
}

#[tokio::test]
async fn disabled_codes_are_rejected_before_anything_is_read() {
    let world = World::protected();
    let disabled = TwoFactorOptions {
        totp: None,
        ..options()
    };
    let server = Server::assembled(
        (FakeStore::default(), &world),
        disabled,
        ServiceOptions::default(),
    );
    let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::TotpDisabled));
}

#[tokio::test]
async fn a_refused_user_keeps_the_challenge_and_the_count() {
    let world = World::protected();
    let server = Server::with_services(&world, options(), refusing("BANNED_USER"));
    let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::Refused(refusal) if refusal.name == "BANNED_USER"));
    assert!(!server.has_committed());
    assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
}

#[tokio::test]
async fn a_secret_that_cannot_be_decrypted_is_a_failure() {
    let world = World::protected();
    world.state().two_factor.as_mut().unwrap().secret = Secret::new("Message:secret".to_owned());
    let server = Server::new(&world, options());
    let error = verify(&server, &totp_code(0), NOTHING_ASKED).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::Failure(_)));
    assert!(world.log().is_empty());
}

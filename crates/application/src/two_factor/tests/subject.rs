//! Which user presents a second factor.

use portcullis_domain::verification::Purpose;

use super::{
    world::{CHALLENGE_TEXT, World},
    *,
};

async fn verify(server: &Server, code: &str, context: &RequestContext) -> Result<Verified, TwoFactorError> {
    let totp = &server.two_factor.totp;
    totp.verify(None, code, NOTHING_ASKED, context).await
}

async fn is_rejected(world: &World, context: &RequestContext) -> bool {
    let server = Server::new(world, options());
    let verified = verify(&server, &totp_code(0), context).await;
    assert!(world.log().is_empty(), "nothing is counted");
    matches!(verified, Err(TwoFactorError::InvalidChallenge)) && !server.has_committed()
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let world = World::protected();
    let server = Server::new(&world, options());
    verify(&server, &totp_code(0), &challenged()).await.unwrap();
    let error = verify(&server, &totp_code(1), &challenged()).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidChallenge));
}

/// Both requests have found the challenge before one of them consumes it.
#[tokio::test]
async fn a_challenge_that_another_request_consumes_meanwhile_is_rejected() {
    let world = World::protected();
    let reads = (0..3).map(|_| world.unit()).collect();
    let server = Server::on(FakeStore::new(reads, vec![world.consumed().unit()]), &world);
    let error = verify(&server, &totp_code(0), &challenged()).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidChallenge));
    assert_eq!(world.log(), ["count", "compare"]);
    assert_eq!(world.state().last_step, None);
    assert!(!server.has_committed());
}

#[tokio::test]
async fn a_client_without_a_session_needs_a_challenge() {
    let world = World::protected();
    world.remember(Purpose::PasswordReset, "reset");
    world.remember(Purpose::TrustedDevice, "trust-device-1");
    for (kind, text) in [
        (CHALLENGE, ""),
        (CHALLENGE, "2fa-unknown"),
        (CHALLENGE, "reset"),
        (CHALLENGE, "trust-device-1"),
        (TRUSTED_DEVICE, CHALLENGE_TEXT),
    ] {
        assert!(is_rejected(&world, &presenting(&[(kind, text)])).await, "{text}");
    }
    assert!(is_rejected(&world, &RequestContext::default()).await);
    assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 1);
}

#[tokio::test]
async fn the_challenge_of_a_deleted_user_is_rejected() {
    let world = World::protected();
    world.state().user = None;
    assert!(is_rejected(&world, &challenged()).await);
}

/// Better Auth accepts an expired challenge once.
#[tokio::test]
async fn an_expired_challenge_is_rejected() {
    let world = World::protected();
    let server = Server::new(&world, options());
    server.fake.clock.advance(TimeDelta::minutes(11));
    let error = verify(&server, &totp_code(22), &challenged()).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::InvalidChallenge));
    assert!(world.log().is_empty());
}

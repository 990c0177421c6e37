use portcullis_domain::{password::Password, two_factor, verification::Purpose};

use super::{
    world::{self, BACKUP_CODES, World},
    *,
};
use crate::{
    client_token::SessionEffect,
    credential::PasswordError,
    testing::fixtures::{FLOOR, a_session, a_user, limited_credential_options},
};

async fn enable(
    server: &Server,
    world: &World,
    password: &str,
    issuer: Option<&str>,
) -> Result<Enrolled, TwoFactorError> {
    let (by, context) = (world.caller(), RequestContext::default());
    let enrolment = &server.two_factor.enrolment;
    enrolment
        .enable(&by, &Password::new(password), issuer, (true, &context))
        .await
}

async fn disable(
    server: &Server,
    world: &World,
    context: &RequestContext,
) -> Result<Verified, TwoFactorError> {
    let enrolment = &server.two_factor.enrolment;
    let password = Password::new(PASSWORD);
    enrolment
        .disable(&world.caller(), &password, (true, context))
        .await
}

#[tokio::test]
async fn an_enrolment_stores_a_new_secret_and_new_codes_and_changes_nothing_else() {
    let world = World::enrolled();
    let server = Server::new(&world, options());
    let enrolled = enable(&server, &world, PASSWORD, None).await.unwrap();
    let stored = world.state().two_factor.clone().unwrap();
    let secret = stored.secret.expose().strip_prefix("TwoFactor:").unwrap();
    assert_eq!(secret.len(), two_factor::SECRET_LENGTH);
    assert_eq!(
        enrolled.uri.expose(),
        &format!("Portcullis:ada@example.com:{secret}")
    );
    let json = enrolled.backup_codes.to_json();
    assert_eq!(world.backup_codes(), format!("TwoFactor:{}", json.expose()));
    assert_eq!(enrolled.backup_codes.iter().count(), 10);
    assert_eq!((&stored.user_id, stored.id.as_str().len()), (&a_user().id, 32));
    assert!(matches!(enrolled.effects.session, SessionEffect::Unchanged));
    assert!(!two_factor::is_enabled(world.caller().user()));
    assert!(world.log().is_empty() && server.has_committed());
}

#[tokio::test]
async fn a_client_may_name_the_issuer() {
    for (named, shown) in [(Some("My App"), "My App"), (Some(""), "Portcullis")] {
        let world = World::enrolled();
        let server = Server::new(&world, options());
        let enrolled = enable(&server, &world, PASSWORD, named).await.unwrap();
        assert_eq!(enrolled.uri.expose().split(':').next(), Some(shown));
    }
}

#[tokio::test]
async fn without_codes_of_authenticator_apps_an_enrolment_still_has_a_secret() {
    let world = World::enrolled();
    let disabled = TwoFactorOptions {
        totp: None,
        ..options()
    };
    let server = Server::new(&world, disabled);
    let enrolled = enable(&server, &world, PASSWORD, None).await.unwrap();
    assert!(enrolled.uri.expose().starts_with("Portcullis:ada@example.com:"));
}

#[tokio::test]
async fn an_enrolment_that_skips_the_verification_replaces_the_session() {
    let world = World::enrolled();
    let skipping = TwoFactorOptions {
        skips_verification: true,
        ..options()
    };
    let server = Server::new(&world, skipping);
    let enrolled = enable(&server, &world, PASSWORD, None).await.unwrap();
    assert!(two_factor::is_enabled(world.caller().user()));
    let stored = enrolled.effects.session.stored_session().unwrap();
    assert_ne!(stored.token.expose(), a_session().token.expose());
    assert_eq!(world.log(), ["start session", "end session"]);
}

#[tokio::test]
async fn an_enrolment_needs_the_password_and_the_session() {
    let world = World::enrolled();
    let server = Server::new(&world, options());
    let error = enable(&server, &world, "password2", None).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::Password(PasswordError::Wrong)));
    let work = server.fake.hasher.work();
    let error = enable(&server, &world, &"x".repeat(129), None).await.unwrap_err();
    assert!(matches!(
        error,
        TwoFactorError::Password(PasswordError::Rejected(_))
    ));
    assert_eq!(server.fake.hasher.work(), work);
    world.state().has_session = false;
    let error = enable(&server, &world, PASSWORD, None).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::SessionEnded));
    assert_eq!(world.backup_codes(), BACKUP_CODES);
    assert!(!server.has_committed());
}

#[tokio::test]
async fn another_second_factor_ends_challenges_and_trusted_devices_and_no_session() {
    let world = World::protected();
    world.remember(Purpose::TrustedDevice, "trust-device-1");
    let server = Server::new(&world, options());
    let enrolled = enable(&server, &world, PASSWORD, None).await.unwrap();
    assert!(matches!(enrolled.effects.session, SessionEffect::Unchanged));
    assert!(two_factor::is_enabled(world.caller().user()));
    assert_ne!(world.backup_codes(), BACKUP_CODES);
    assert!(world.memory.is_empty() && world.log().is_empty());
    assert!(server.has_committed());
}

#[tokio::test]
async fn disabling_ends_challenges_trusted_devices_and_all_sessions() {
    let world = World::protected();
    world.remember(Purpose::TrustedDevice, "trust-device-1");
    let server = Server::new(&world, options());
    let disabled = disable(&server, &world, &RequestContext::default())
        .await
        .unwrap();
    assert!(!two_factor::is_enabled(&disabled.user));
    assert!(world.state().two_factor.is_none());
    assert!(world.memory.is_empty());
    assert_eq!(
        world.log(),
        ["end other sessions", "start session", "end session"]
    );
    let stored = disabled.effects.session.stored_session().unwrap();
    assert_eq!(stored.token.expose(), disabled.token.expose());
    assert!(disabled.effects.tokens.is_empty());
    assert!(server.has_committed());
}

#[tokio::test]
async fn disabling_clears_the_token_of_a_trusted_device_that_the_client_presents() {
    let world = World::protected();
    let server = Server::new(&world, options());
    let context = presenting(&[(TRUSTED_DEVICE, "any"), (CHALLENGE, world::CHALLENGE_TEXT)]);
    let disabled = disable(&server, &world, &context).await.unwrap();
    assert_eq!(described(&disabled.effects.tokens), ["clear trust_device"]);
}

#[tokio::test]
async fn a_session_that_ended_meanwhile_disables_nothing() {
    let world = World::protected();
    world.state().has_session = false;
    let server = Server::new(&world, options());
    let error = disable(&server, &world, &RequestContext::default())
        .await
        .unwrap_err();
    assert!(matches!(error, TwoFactorError::SessionEnded));
    assert!(world.state().two_factor.is_some());
    assert!(!server.has_committed());
}

#[tokio::test]
async fn the_uri_is_shown_for_the_password_to_a_caller_who_has_enrolled() {
    let world = World::enrolled();
    let uri = async |password: &str| {
        let server = Server::new(&world, options());
        let (by, context) = (world.caller(), RequestContext::default());
        let password = Password::new(password);
        let uri = server.two_factor.totp.uri(&by, &password, &context).await;
        (uri.map(|uri| uri.expose().clone()), server.fake.hasher.work())
    };
    let (right, _) = uri(PASSWORD).await;
    assert_eq!(right.unwrap(), "Portcullis:ada@example.com:secret");
    let (wrong, _) = uri("password2").await;
    assert!(matches!(
        wrong.unwrap_err(),
        TwoFactorError::Password(PasswordError::Wrong)
    ));
    world.state().two_factor = None;
    let (missing, work) = uri(PASSWORD).await;
    assert!(matches!(missing.unwrap_err(), TwoFactorError::TotpNotEnabled));
    assert_eq!(work, 0);
}

/// A thief of a session must not get more guesses at the password than at sign-in.
#[tokio::test]
async fn a_wrong_password_is_counted_as_a_failed_sign_in_and_takes_the_minimum_time() {
    let world = World::enrolled();
    let limited = ServiceOptions {
        credentials: limited_credential_options(),
        ..ServiceOptions::default()
    };
    let server = Server::with_services(&world, options(), limited);
    let error = enable(&server, &world, "password2", None).await.unwrap_err();
    assert!(matches!(error, TwoFactorError::Password(PasswordError::Wrong)));
    assert_eq!(world.log(), ["count password"]);
    assert_eq!(server.fake.clock.slept(), [FLOOR]);
}

//! Sign-ins.

use super::*;

#[tokio::test]
async fn a_user_registers_a_passkey_and_signs_in_with_it() {
    let world = World::new();
    let passkey = world.register("a", a_verified_user()).await.unwrap();
    assert_eq!((passkey.counter, passkey.name.as_deref()), (0, Some("laptop")));
    assert_eq!(
        (passkey.credential_id, passkey.user_id),
        (credential_id("a"), a_verified_user().id)
    );
    assert_eq!(world.store.rows().passkeys.len(), 1);

    let outcome = world.sign_in("a", (VERIFIED, 1)).await.unwrap();
    let Outcome::Completed(completed) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(completed.session.user_id, a_verified_user().id);
    assert_eq!((world.sessions(), world.store.rows().passkeys[0].counter), (1, 1));
}

#[tokio::test]
async fn a_challenge_is_answered_once_also_if_the_answer_is_wrong() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let (challenge, context) = world.begin(None).await;
    let wrong = authentication("a", "other", (VERIFIED, 1));
    let first = world.passkeys.authenticate(wrong, &context).await;
    assert_eq!(rejected(first), PasskeyRejection::Challenge);
    let right = authentication("a", &challenge, (VERIFIED, 1));
    let second = world.passkeys.authenticate(right, &context).await;
    assert!(matches!(second, Err(AuthenticationError::UnknownChallenge)));
    assert_eq!(world.sessions(), 0);
}

#[tokio::test]
async fn a_challenge_expires() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let (challenge, context) = world.begin(None).await;
    world
        .clock
        .advance(TimeDelta::minutes(5) + TimeDelta::milliseconds(1));
    let sent = authentication("a", &challenge, (VERIFIED, 1));
    let result = world.passkeys.authenticate(sent, &context).await;
    assert!(matches!(result, Err(AuthenticationError::UnknownChallenge)));
}

#[tokio::test]
async fn a_signature_for_one_ceremony_is_rejected_for_the_other() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let (challenge, context) = world.begin(None).await;
    let mut sent = authentication("a", &challenge, (VERIFIED, 1));
    let assertion = sent.assertion.as_mut().unwrap();
    assertion.client_data = client_data(Ceremony::Registration, &challenge, PAGE);
    let result = world.passkeys.authenticate(sent, &context).await;
    assert_eq!(rejected(result), PasskeyRejection::Ceremony);

    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&by, RegistrationWish::default());
    let (options, token) = begun.await.unwrap();
    let mut sent = registration("b", &options.challenge);
    let response = sent.response.as_mut().unwrap();
    response.client_data = client_data(Ceremony::Authentication, &options.challenge, PAGE);
    let result = world.passkeys.register(&by, sent, &self::context(&token)).await;
    assert!(matches!(
        result,
        Err(RegistrationError::Rejected(PasskeyRejection::Ceremony))
    ));
}

#[tokio::test]
async fn a_client_without_a_challenge_or_an_origin_is_rejected() {
    let world = World::new();
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let nothing = RequestContext::default();
    let result = world
        .passkeys
        .register(&by, registration("a", "x"), &nothing)
        .await;
    assert!(matches!(result, Err(RegistrationError::NoChallenge)));
    let without_origin = Registration {
        origin: None,
        ..registration("a", "x")
    };
    let result = world.passkeys.register(&by, without_origin, &nothing).await;
    assert!(matches!(result, Err(RegistrationError::NoOrigin)));

    let result = world
        .passkeys
        .authenticate(authentication("a", "x", (1, 1)), &nothing)
        .await;
    assert!(matches!(result, Err(AuthenticationError::UnknownChallenge)));
    let without_origin = Authentication {
        origin: None,
        ..authentication("a", "x", (1, 1))
    };
    let result = world.passkeys.authenticate(without_origin, &nothing).await;
    assert!(matches!(result, Err(AuthenticationError::NoOrigin)));
}

#[tokio::test]
async fn only_pages_of_the_deployment_use_passkeys() {
    let attacker = "https://evil.example.com";
    for (origins, named, signed, is_accepted) in [
        (&[][..], Some(PAGE), PAGE, true),
        (&[], Some(attacker), attacker, false),
        (&[], Some(PAGE), attacker, false),
        (&[], Some(attacker), PAGE, false),
        (&[], Some(""), "", false),
        (&[PAGE], None, PAGE, true),
        (&[PAGE], Some(attacker), PAGE, true),
        (&[PAGE], Some(attacker), attacker, false),
        (&["https://other.example.com"], Some(PAGE), PAGE, false),
    ] {
        let origins = origins.iter().map(|&origin| origin.to_owned()).collect();
        let world = World::with(|options| options.origins = origins, ServiceOptions::default());
        let options = world.passkeys.options();
        assert_eq!(options.accepts(named, signed), is_accepted, "{named:?} {signed}");
    }
}

#[tokio::test]
async fn a_replayed_or_lower_count_is_rejected() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    world.sign_in("a", (VERIFIED, 5)).await.unwrap();
    for counter in [5, 4, 0] {
        let result = world.sign_in("a", (VERIFIED, counter)).await;
        assert_eq!(rejected(result), PasskeyRejection::Counter);
    }
    world.sign_in("a", (VERIFIED, 6)).await.unwrap();
    assert_eq!(world.sessions(), 2);
}

#[tokio::test]
async fn an_authenticator_must_notice_its_user_and_verify_if_the_deployment_requires_it() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let absent = world.sign_in("a", (0b100, 1)).await;
    assert_eq!(rejected(absent), PasskeyRejection::UserAbsent);
    world.sign_in("a", (PRESENT, 1)).await.unwrap();

    let strict = World::with(
        |options| options.selection.user_verification = Requirement::Required,
        ServiceOptions::default(),
    );
    strict.register("a", a_verified_user()).await.unwrap();
    let unverified = strict.sign_in("a", (PRESENT, 1)).await;
    assert_eq!(rejected(unverified), PasskeyRejection::UserUnverified);
    strict.sign_in("a", (VERIFIED, 1)).await.unwrap();
}

#[tokio::test]
async fn a_passkey_without_verification_of_the_user_is_one_factor() {
    let world = World::with(|_options| {}, challenging());
    world.register("a", a_verified_user()).await.unwrap();
    let outcome = world.sign_in("a", (PRESENT, 1)).await.unwrap();
    assert!(matches!(outcome, Outcome::Challenged(_)), "{outcome:?}");
    assert_eq!((world.sessions(), world.store.rows().passkeys[0].counter), (0, 1));
    let outcome = world.sign_in("a", (VERIFIED, 2)).await.unwrap();
    assert!(matches!(outcome, Outcome::Completed(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_refused_user_is_not_signed_in() {
    let world = World::with(|_options| {}, refusing("BANNED_USER"));
    world.register("a", a_verified_user()).await.unwrap();
    let result = world.sign_in("a", (VERIFIED, 1)).await;
    assert!(
        matches!(result, Err(AuthenticationError::Refused(_))),
        "{result:?}"
    );
    assert_eq!((world.sessions(), world.store.rows().passkeys[0].counter), (0, 0));
}

#[tokio::test]
async fn a_user_with_passkeys_is_asked_only_for_these() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let owner = StrictCaller::for_test(a_session(), a_verified_user());
    let other = StrictCaller::for_test(a_session(), another_user());
    // The other user has no passkeys, so that any is asked for.
    let (challenge, context) = world.begin(Some(&other)).await;
    let sent = authentication("a", &challenge, (VERIFIED, 1));
    world.passkeys.authenticate(sent, &context).await.unwrap();

    world.register("b", another_user()).await.unwrap();
    let (challenge, context) = world.begin(Some(&owner)).await;
    let sent = authentication("b", &challenge, (VERIFIED, 1));
    let result = world.passkeys.authenticate(sent, &context).await;
    assert_eq!(rejected(result), PasskeyRejection::OtherUser);
}

#[tokio::test]
async fn what_is_malformed_or_unknown_is_rejected() {
    let world = World::new();
    let malformed = |challenge: &str| Registration {
        response: None,
        ..registration("a", challenge)
    };
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&by, RegistrationWish::default())
        .await;
    let (options, token) = begun.unwrap();
    let result = world
        .passkeys
        .register(&by, malformed(&options.challenge), &context(&token))
        .await;
    assert!(matches!(
        result,
        Err(RegistrationError::Rejected(PasskeyRejection::Malformed))
    ));

    let result = world.sign_in("a", (VERIFIED, 1)).await;
    assert!(matches!(result, Err(AuthenticationError::UnknownPasskey)));
    world.register("a", a_verified_user()).await.unwrap();
    let (challenge, context) = world.begin(None).await;
    let forged = Authentication {
        credential_id: credential_id("a"),
        ..authentication("b", &challenge, (VERIFIED, 1))
    };
    let result = world.passkeys.authenticate(forged, &context).await;
    assert_eq!(rejected(result), PasskeyRejection::Signature);
}

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_domain::{
    id::VerificationId,
    token::OneTimeToken,
    user::User,
    verification::{Purpose, Verification},
};

use super::{
    world::{self, World, protected_user},
    *,
};
use crate::{
    ports::{Mac, Purpose as MacPurpose, UnitOfWork},
    seams::{SecondStep, Step},
    sign_in::completion::{Identifier, SignInMethod, SigningIn},
    testing::{
        PlainMac,
        fixtures::{a_user, another_user},
    },
};

const DEVICE: &str = "trust-device-1";

/// Returns the token of a trusted device of this user.
fn device_of(user: &str, text: &str) -> String {
    let tag = PlainMac.tag(MacPurpose::Cookie, format!("{user}!{text}").as_bytes());
    format!("{}!{text}", URL_SAFE_NO_PAD.encode(tag))
}

/// Asks a user for the second step, and commits.
async fn ask(world: &World, user: User, context: &RequestContext) -> (Step, Vec<String>) {
    let fake = FakePorts::with_store(FakeStore::default());
    let mut unit = world.unit();
    let signing_in = SigningIn {
        user,
        method: SignInMethod::Password(Identifier::Email),
        context,
        is_remembered: true,
        now: start(),
    };
    let step = TwoFactorStep::new(&fake.ports, &options());
    let step = step.challenge(&mut unit, &signing_in).await.unwrap();
    Box::new(unit).commit().await.unwrap();
    let tokens = match &step {
        Step::NotAsked => Vec::new(),
        Step::Satisfied(tokens) | Step::Challenge(tokens) => described(tokens),
    };
    (step, tokens)
}

#[tokio::test]
async fn a_user_without_a_second_factor_is_not_asked_and_keeps_the_token_of_a_device() {
    let world = World::enrolled();
    world.remember(Purpose::TrustedDevice, DEVICE);
    let context = presenting(&[(TRUSTED_DEVICE, &device_of("user-1", DEVICE))]);
    let (step, _) = ask(&world, a_user(), &context).await;
    assert!(matches!(step, Step::NotAsked));
    assert_eq!(world.memory.of(Purpose::TrustedDevice).len(), 1);
}

#[tokio::test]
async fn a_user_with_a_second_factor_gets_a_challenge_beside_older_ones() {
    let world = World::protected();
    let (step, tokens) = ask(&world, protected_user(), &RequestContext::default()).await;
    assert!(matches!(step, Step::Challenge(_)));
    assert_eq!(tokens, ["set two_factor for 600 s"]);
    let challenges = world.memory.of(Purpose::TwoFactorChallenge);
    assert_eq!(challenges.len(), 2);
    for challenge in challenges {
        assert_eq!(challenge.user_id, a_user().id);
        assert_eq!(challenge.expires_at, start() + TimeDelta::minutes(10));
    }
}

#[tokio::test]
async fn the_token_of_a_trusted_device_is_accepted_once_and_replaced() {
    let world = World::enrolled();
    world.remember(Purpose::TrustedDevice, DEVICE);
    let context = presenting(&[(TRUSTED_DEVICE, &device_of("user-1", DEVICE))]);
    let (step, tokens) = ask(&world, protected_user(), &context).await;
    let Step::Satisfied(effects) = step else {
        panic!("the device is trusted: {step:?}");
    };
    assert_eq!(tokens, ["set trust_device for 2592000 s"]);
    let devices = world.memory.of(Purpose::TrustedDevice);
    let [device] = devices.as_slice() else {
        panic!("one device is trusted: {devices:?}");
    };
    assert_ne!(device.secret.expose(), DEVICE);
    assert_eq!(device.expires_at, start() + TimeDelta::days(30));
    let [TokenEffect::Set { value, .. }] = effects.as_slice() else {
        panic!("one token is set: {effects:?}");
    };
    assert_eq!(value.expose(), &device_of("user-1", device.secret.expose()));

    let (again, tokens) = ask(&world, protected_user(), &context).await;
    assert!(matches!(again, Step::Challenge(_)));
    assert_eq!(tokens, ["clear trust_device", "set two_factor for 600 s"]);
    let next = presenting(&[(TRUSTED_DEVICE, value.expose())]);
    let (next, _) = ask(&world, protected_user(), &next).await;
    assert!(matches!(next, Step::Satisfied(_)));
}

#[tokio::test]
async fn a_token_that_is_forged_or_of_another_user_is_cleared_and_stays_unused() {
    for token in [
        String::new(),
        "!".to_owned(),
        DEVICE.to_owned(),
        format!("!{DEVICE}"),
        format!("AAAA!{DEVICE}"),
        format!("not base64!{DEVICE}"),
        device_of("user-2", DEVICE),
        device_of("user-1", "trust-device-2"),
        device_of("user-1", world::CHALLENGE_TEXT),
    ] {
        let world = World::protected();
        world.remember(Purpose::TrustedDevice, DEVICE);
        let context = presenting(&[(TRUSTED_DEVICE, &token)]);
        let (step, tokens) = ask(&world, protected_user(), &context).await;
        assert!(matches!(step, Step::Challenge(_)), "{token}");
        assert_eq!(tokens, ["clear trust_device", "set two_factor for 600 s"]);
        assert_eq!(world.memory.of(Purpose::TrustedDevice).len(), 1, "{token}");
        assert_eq!(world.memory.of(Purpose::TwoFactorChallenge).len(), 2);
    }
}

/// The row decides whose device it is, even if the signature is valid.
#[tokio::test]
async fn the_row_of_another_user_trusts_no_device() {
    let world = World::enrolled();
    world.remember(Purpose::TrustedDevice, DEVICE);
    let bob = User {
        additional: protected_user().additional,
        ..another_user()
    };
    let context = presenting(&[(TRUSTED_DEVICE, &device_of("user-2", DEVICE))]);
    let (step, _) = ask(&world, bob, &context).await;
    assert!(matches!(step, Step::Challenge(_)));
}

#[tokio::test]
async fn trust_ends_with_its_lifetime() {
    let world = World::enrolled();
    world.memory.remember(Verification {
        id: VerificationId::new("V"),
        purpose: Purpose::TrustedDevice,
        secret: OneTimeToken::new(DEVICE),
        user_id: a_user().id,
        expires_at: start() - TimeDelta::milliseconds(1),
        created_at: start() - TimeDelta::days(30),
    });
    let context = presenting(&[(TRUSTED_DEVICE, &device_of("user-1", DEVICE))]);
    let (step, _) = ask(&world, protected_user(), &context).await;
    assert!(matches!(step, Step::Challenge(_)));
}

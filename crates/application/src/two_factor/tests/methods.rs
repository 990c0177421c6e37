//! Which sign-in methods the second factor follows.

use portcullis_domain::{additional::AdditionalFields, verification::Purpose};

use super::{
    world::{World, protected_user},
    *,
};
use crate::{
    client_token::SessionEffect,
    ports::UnitOfWork,
    sign_in::completion::{Identifier, Outcome, SignInMethod, SignInSeams, SigningIn},
    testing::fixtures::{a_session, session_options},
};

/// A new method does not compile here until it is decided whether a second factor follows.
const fn is_followed(method: &SignInMethod) -> bool {
    match method {
        SignInMethod::Password(_)
        | SignInMethod::SignUp
        | SignInMethod::EmailLink
        | SignInMethod::MagicLink
        | SignInMethod::EmailCode
        | SignInMethod::PhoneCode
        | SignInMethod::Passkey {
            is_user_verified: false,
        }
        | SignInMethod::Provider { .. } => true,
        SignInMethod::Passkey {
            is_user_verified: true,
        }
        | SignInMethod::Anonymous
        | SignInMethod::PasswordChange
        | SignInMethod::Session(_)
        | SignInMethod::SecondFactor
        | SignInMethod::Delegated(_) => false,
    }
}

fn methods() -> [SignInMethod; 16] {
    [
        SignInMethod::Password(Identifier::Email),
        SignInMethod::Password(Identifier::Username),
        SignInMethod::Password(Identifier::PhoneNumber),
        SignInMethod::SignUp,
        SignInMethod::EmailLink,
        SignInMethod::MagicLink,
        SignInMethod::EmailCode,
        SignInMethod::PhoneCode,
        SignInMethod::Passkey {
            is_user_verified: false,
        },
        SignInMethod::Passkey {
            is_user_verified: true,
        },
        SignInMethod::Anonymous,
        SignInMethod::Provider {
            id: "google".to_owned(),
            is_redirect: true,
        },
        SignInMethod::PasswordChange,
        SignInMethod::Session(Box::new(a_session())),
        SignInMethod::SecondFactor,
        SignInMethod::Delegated(AdditionalFields::default()),
    ]
}

async fn complete(world: &World, method: SignInMethod, is_remembered: bool) -> Outcome {
    let fake = FakePorts::with_store(FakeStore::default());
    let seams = SignInSeams {
        second_steps: Arc::new([Arc::new(TwoFactorStep::new(&fake.ports, &options()))]),
        ..SignInSeams::default()
    };
    let completion = SignInCompletion::new(&fake.ports, session_options(), seams);
    let context = RequestContext::default();
    let signing_in = SigningIn {
        user: protected_user(),
        method,
        context: &context,
        is_remembered,
        now: start(),
    };
    let mut unit = world.unit();
    let outcome = completion.complete(&mut unit, signing_in).await.unwrap();
    Box::new(unit).commit().await.unwrap();
    outcome
}

#[tokio::test]
async fn every_first_factor_is_followed_by_the_second_and_starts_no_session() {
    for method in methods() {
        let (world, expected) = (World::enrolled(), is_followed(&method));
        let name = format!("{method:?}");
        let outcome = complete(&world, method, true).await;
        assert_eq!(matches!(outcome, Outcome::Challenged(_)), expected, "{name}");
        assert_eq!(matches!(outcome, Outcome::Completed(_)), !expected, "{name}");
        let started = if expected {
            Vec::new()
        } else {
            vec!["start session"]
        };
        assert_eq!(world.log(), started, "{name}");
        let challenges = world.memory.of(Purpose::TwoFactorChallenge).len();
        assert_eq!(challenges, usize::from(expected), "{name}");
    }
}

#[tokio::test]
async fn a_challenge_keeps_whether_the_user_wants_to_be_remembered() {
    for is_remembered in [true, false] {
        let outcome = complete(
            &World::enrolled(),
            SignInMethod::Password(Identifier::Email),
            is_remembered,
        )
        .await;
        let Outcome::Challenged(challenge) = outcome else {
            panic!("the user is asked for the second factor: {outcome:?}");
        };
        let SessionEffect::Postpone { is_remembered: kept } = challenge.effects.session else {
            panic!("no session starts: {:?}", challenge.effects.session);
        };
        assert_eq!(kept, is_remembered);
        assert_eq!(described(&challenge.effects.tokens), ["set two_factor for 600 s"]);
    }
}

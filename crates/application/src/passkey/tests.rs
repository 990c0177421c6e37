use chrono::TimeDelta;
use portcullis_domain::{
    origin::TrustedOrigins,
    passkey::{Attachment, AuthenticatorSelection, Passkey, PasskeyId},
    user::User,
};
use serde_json::json;

use super::*;
use crate::{
    client_token::{PresentedToken, TokenEffect},
    context::RequestContext,
    ports::Assertion,
    session::{FreshCaller, StrictCaller},
    sign_in::completion::Outcome,
    testing::{
        FakePorts, FixedClock, MemoryStore, ServiceOptions, Services,
        fixtures::{a_session, a_verified_user, another_user},
        seams::{challenging, refusing},
    },
};

const PAGE: &str = "https://app.example.com";
const PRESENT: u8 = 0b001;
const VERIFIED: u8 = 0b101;

struct World {
    passkeys: Passkeys,
    store: MemoryStore,
    clock: Arc<FixedClock>,
}

impl World {
    fn new() -> Self {
        Self::with(|_options| {}, ServiceOptions::default())
    }

    fn with(change: impl FnOnce(&mut PasskeyOptions), services: ServiceOptions) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = vec![a_verified_user(), another_user()];
            rows.sessions = vec![a_session()];
        });
        let ports = FakePorts::with_store(store.clone());
        let mut options = PasskeyOptions {
            rp_id: "example.com".to_owned(),
            rp_name: "Acme".to_owned(),
            origins: Vec::new(),
            trusted_origins: TrustedOrigins::new(vec![PAGE.to_owned()]),
            selection: AuthenticatorSelection::default(),
        };
        change(&mut options);
        let completion = Services::new(&ports.ports, services).completion;
        Self {
            passkeys: Passkeys::new(&ports.ports, completion, options),
            store,
            clock: ports.clock,
        }
    }

    /// Registers the passkey `id` of the user, with the key `key-ID`.
    async fn register(&self, id: &str, user: User) -> Result<Passkey, RegistrationError> {
        let by = FreshCaller::for_test(a_session(), user);
        let begun = self
            .passkeys
            .begin_registration(&by, RegistrationWish::default())
            .await;
        let (options, token) = begun.unwrap();
        let sent = registration(id, &options.challenge);
        self.passkeys.register(&by, sent, &context(&token)).await
    }

    async fn begin(&self, by: Option<&StrictCaller>) -> (String, RequestContext) {
        let (options, token) = self.passkeys.begin_authentication(by).await.unwrap();
        (options.challenge, context(&token))
    }

    /// Signs in with the passkey `id`, whose authenticator states these flags and this count.
    async fn sign_in(&self, id: &str, (flags, counter): (u8, u32)) -> Result<Outcome, AuthenticationError> {
        let (challenge, context) = self.begin(None).await;
        let sent = authentication(id, &challenge, (flags, counter));
        self.passkeys.authenticate(sent, &context).await
    }

    /// Returns the number of sessions that began here.
    fn sessions(&self) -> usize {
        self.store.rows().sessions.len() - 1
    }
}

fn context(effect: &TokenEffect) -> RequestContext {
    let TokenEffect::Set {
        kind,
        value,
        lifetime,
    } = effect
    else {
        panic!("no token was set");
    };
    assert_eq!((*kind, *lifetime), (PASSKEY_CHALLENGE, TimeDelta::minutes(5)));
    RequestContext {
        tokens: vec![PresentedToken {
            kind: *kind,
            value: value.clone(),
        }],
        ..RequestContext::default()
    }
}

fn client_data(ceremony: Ceremony, challenge: &str, origin: &str) -> Vec<u8> {
    let data = json!({ "type": ceremony.name(), "challenge": challenge, "origin": origin });
    data.to_string().into_bytes()
}

fn statement(flags: u8, counter: u32) -> serde_json::Value {
    json!({ "rpId": "example.com", "flags": flags, "counter": counter })
}

fn registration(id: &str, challenge: &str) -> Registration<'static> {
    let mut attestation = statement(VERIFIED, 0);
    attestation["id"] = id.into();
    attestation["key"] = format!("key-{id}").into();
    Registration {
        origin: Some(PAGE),
        response: Some(RegistrationResponse {
            client_data: client_data(Ceremony::Registration, challenge, PAGE),
            attestation: attestation.to_string().into_bytes(),
            transports: "usb".to_owned(),
        }),
        name: Some("laptop".to_owned()),
    }
}

fn authentication(id: &str, challenge: &str, (flags, counter): (u8, u32)) -> Authentication<'static> {
    Authentication {
        origin: Some(PAGE),
        credential_id: credential_id(id),
        assertion: Some(Assertion {
            client_data: client_data(Ceremony::Authentication, challenge, PAGE),
            authenticator_data: statement(flags, counter).to_string().into_bytes(),
            signature: format!("key-{id}").into_bytes(),
        }),
    }
}

fn credential_id(id: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

fn rejected(result: Result<impl std::fmt::Debug, AuthenticationError>) -> PasskeyRejection {
    match result {
        Err(AuthenticationError::Rejected(rejection)) => rejection,
        other => panic!("{other:?}"),
    }
}

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
async fn browsers_are_asked_for_what_the_deployment_and_the_caller_wish() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let wish = RegistrationWish {
        name: Some("work".to_owned()),
        attachment: Some(Attachment::Platform),
    };
    let (options, _token) = world.passkeys.begin_registration(&by, wish).await.unwrap();
    assert_eq!((options.user_name.as_str(), options.known.len()), ("work", 1));
    assert_eq!(options.display_name, a_verified_user().email.as_str());
    assert_eq!(options.selection.attachment, Some(Attachment::Platform));
    assert_eq!((options.challenge.len(), options.user_handle.len()), (43, 32));

    let empty = RegistrationWish {
        name: Some(String::new()),
        attachment: None,
    };
    let (options, _token) = world.passkeys.begin_registration(&by, empty).await.unwrap();
    assert_eq!(
        (options.user_name, options.selection.attachment),
        (options.display_name, None)
    );

    let by = StrictCaller::for_test(a_session(), a_verified_user());
    let (options, _token) = world.passkeys.begin_authentication(Some(&by)).await.unwrap();
    assert_eq!(options.allowed.len(), 1);
    let (options, _token) = world.passkeys.begin_authentication(None).await.unwrap();
    assert!(options.allowed.is_empty());
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
async fn what_an_authenticator_signs_for_one_ceremony_is_nothing_for_the_other() {
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
async fn a_registration_belongs_to_the_user_who_began_it() {
    let world = World::new();
    let owner = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&owner, RegistrationWish::default())
        .await;
    let (options, token) = begun.unwrap();
    let other = FreshCaller::for_test(a_session(), another_user());
    let sent = registration("a", &options.challenge);
    let result = world.passkeys.register(&other, sent, &context(&token)).await;
    assert!(matches!(result, Err(RegistrationError::OtherUser)));
    assert!(world.store.rows().passkeys.is_empty());
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
async fn a_known_passkey_is_not_registered_again() {
    let world = World::new();
    world.register("a", a_verified_user()).await.unwrap();
    for user in [a_verified_user(), another_user()] {
        let result = world.register("a", user).await;
        assert!(matches!(
            result,
            Err(RegistrationError::Rejected(PasskeyRejection::Known))
        ));
    }
    assert_eq!(world.store.rows().passkeys.len(), 1);
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

#[tokio::test]
async fn only_the_owner_names_and_deletes_a_passkey() {
    let world = World::new();
    let id = world.register("a", a_verified_user()).await.unwrap().id;
    let owner = StrictCaller::for_test(a_session(), a_verified_user());
    let other = StrictCaller::for_test(a_session(), another_user());
    let passkeys = &world.passkeys;
    assert!(passkeys.list(&other).await.unwrap().is_empty());
    let renamed = passkeys.rename(&other, &id, "mine").await;
    assert!(matches!(renamed, Err(PasskeyChangeError::NotOwned)));
    let deleted = passkeys.delete(&other, &id).await;
    assert!(matches!(deleted, Err(PasskeyChangeError::NotOwned)));
    let renamed = passkeys.rename(&owner, &id, "phone").await.unwrap();
    assert_eq!(passkeys.list(&owner).await.unwrap(), [renamed]);
    passkeys.delete(&owner, &id).await.unwrap();
    for result in [
        passkeys.delete(&owner, &id).await,
        passkeys.delete(&owner, &PasskeyId::new("")).await,
        passkeys.rename(&owner, &id, "x").await.map(|_passkey| ()),
    ] {
        assert!(matches!(result, Err(PasskeyChangeError::Unknown)));
    }
}

#[tokio::test]
async fn a_session_that_has_ended_registers_no_passkey() {
    let world = World::new();
    let by = FreshCaller::for_test(a_session(), a_verified_user());
    let begun = world
        .passkeys
        .begin_registration(&by, RegistrationWish::default())
        .await;
    let (options, token) = begun.unwrap();
    let mut unit = world.passkeys.store.begin();
    unit.sessions()
        .delete_by_user(&a_verified_user().id)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let sent = registration("a", &options.challenge);
    let result = world.passkeys.register(&by, sent, &context(&token)).await;
    assert!(
        matches!(result, Err(RegistrationError::SessionEnded)),
        "{result:?}"
    );
}

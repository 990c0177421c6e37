//! Outcomes of registrations and sign-ins.

mod registration;
mod sign_in;

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
            purpose: kind.purpose,
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

//! The state of a provider.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use portcullis_application::{ports::Clock, testing::FixedClock};
use serde_json::{Value, json};

use super::{
    ClientAuthentication,
    fault::{Fault, FaultyEndpoint},
    keys::Keys,
    request::ReceivedRequest,
    shape::{Shape, filled, put},
};
use crate::CLIENT_ID;

/// What the threads of a provider share.
pub(super) struct Shared {
    pub(super) shape: Shape,
    pub(super) address: SocketAddr,
    pub(super) clock: Arc<FixedClock>,
    pub(super) has_ended: AtomicBool,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) keys: Keys,
    pub(super) faults: Vec<(FaultyEndpoint, Fault)>,
    pub(super) requests: Vec<ReceivedRequest>,
    /// The codes that were issued. A used one stays, without a grant.
    pub(super) codes: BTreeMap<String, Option<Grant>>,
    pub(super) refresh_tokens: BTreeMap<String, Grant>,
    pub(super) access_tokens: BTreeSet<String>,
    pub(super) id_tokens: BTreeSet<String>,
    pub(super) refreshes: usize,
    pub(super) authentication: Option<ClientAuthentication>,
    /// Changes of the profile: the member that is named in the shape, and its new value.
    pub(super) members: Vec<(&'static str, Value)>,
    /// Changes of answers: the path, the JSON pointer, and the new value.
    pub(super) edits: Vec<(String, String, Option<Value>)>,
    issued: u64,
}

/// What a user has approved.
#[derive(Clone, Debug, Default)]
pub(super) struct Grant {
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) state: String,
    pub(super) nonce: Option<String>,
}

impl State {
    /// Returns a new secret whose text names its kind.
    pub(super) fn issue(&mut self, kind: &str) -> String {
        self.issued += 1;
        format!("{kind}-{:04}-of-the-provider", self.issued)
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the faults of an endpoint.
    pub(super) fn faults(&self, endpoint: FaultyEndpoint) -> Vec<Fault> {
        let state = self.lock();
        let faults = state.faults.iter().filter(|(at, _)| at.includes(endpoint));
        faults.map(|(_, fault)| fault.clone()).collect()
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}{}", self.base(), self.shape.text("/issuer"))
    }

    /// Returns an id token for a grant, with these changes of its claims: `null` removes one.
    pub(super) fn id_token(&self, grant: &Grant, changes: &Value) -> String {
        let faults = self.faults(FaultyEndpoint::Token);
        let now = self.clock.now().timestamp();
        let mut claims = self.claims(grant, now);
        for fault in &faults {
            let (name, value) = match fault {
                Fault::WrongIssuer => ("iss", json!("https://other.example")),
                Fault::WrongAudience => ("aud", json!("another-client")),
                Fault::Expired => ("exp", json!(now - 7200)),
                Fault::WrongNonce => ("nonce", json!("another-nonce")),
                _ => continue,
            };
            put(&mut claims, &format!("/{name}"), Some(value));
        }
        for (name, value) in changes.as_object().into_iter().flatten() {
            put(
                &mut claims,
                &format!("/{name}"),
                Some(value.clone()).filter(|value| !value.is_null()),
            );
        }
        let mut state = self.lock();
        let token = state
            .keys
            .sign(self.shape.text("/id_token/algorithm"), &claims, &faults);
        state.id_tokens.insert(token.clone());
        token
    }

    fn claims(&self, grant: &Grant, now: i64) -> Value {
        let mut claims = json!({ "iss": self.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 3600 });
        let own = self
            .shape
            .value
            .pointer("/id_token/claims")
            .cloned()
            .unwrap_or_default();
        let mut own = filled(&own, &|text| text.replace("{client_id}", CLIENT_ID));
        let pointers = json!({ "id": "/sub", "email": "/email", "email_verified": "/email_verified" });
        self.change(&mut own, &pointers, FaultyEndpoint::Token);
        for (name, value) in own.as_object().into_iter().flatten() {
            put(&mut claims, &format!("/{name}"), Some(value.clone()));
        }
        put(&mut claims, "/nonce", grant.nonce.clone().map(Value::String));
        claims
    }

    /// Changes the members of a profile as the test or the faults demand. `pointers` are their JSON pointers.
    pub(super) fn change(&self, profile: &mut Value, pointers: &Value, endpoint: FaultyEndpoint) {
        let set = |profile: &mut Value, name: &str, value: Option<Value>| {
            if let Some(pointer) = pointers.get(name).and_then(Value::as_str) {
                put(profile, pointer, value);
            }
        };
        for (name, value) in &self.lock().members {
            set(profile, name, Some(value.clone()));
        }
        for fault in self.faults(endpoint) {
            match fault {
                Fault::NoSub => set(profile, "id", None),
                Fault::EmptyId => set(profile, "id", Some(json!(""))),
                Fault::NoEmail => set(profile, "email", None),
                Fault::EmailVerifiedAsText(text) => set(profile, "email_verified", Some(json!(text))),
                Fault::UserInfoSubDiffers if endpoint == FaultyEndpoint::UserInfo => {
                    set(profile, "id", Some(json!("another-user")));
                    if profile.get("sub").is_some() {
                        put(profile, "/sub", Some(json!("another-user")));
                    }
                }
                _ => {}
            }
        }
    }
}

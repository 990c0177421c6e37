//! Test doubles of the ports: a store with mock repositories, a store in memory, and small fakes of all other ports.

mod account_cookies;
pub mod contract;
mod fakes;
pub mod fixtures;
mod memory;
mod outbox;
mod providers;
mod repositories;
mod sealing;
pub mod seams;
mod services;
mod store;
mod verifications;

use std::sync::Arc;

use crate::{
    clock_check::ClockCheck,
    ports::{Gate, Ports, QueueWakeup, Store},
};

pub use account_cookies::PlainAccountCookieCodec;
pub use fakes::{FixedClock, PlainHasher, PlainMac, SeededRandom};
pub use memory::{MemoryMessage, MemoryStore, Rows};
pub use outbox::Outbox;
pub use providers::{CODE, FakeProvider, ID_TOKEN, REVOKED};
pub use sealing::{
    PlainApiKeyDigests, PlainCipher, PlainCodeDigests, PlainLinkSigner, PlainPasskeyVerifier,
    PlainSessionCacheCodec, PlainTokenSigner, PlainTokenVerifier, PlainTwoFactorCodes,
};
pub use services::{ServiceOptions, Services};
pub use store::{FakeStore, FakeUnitOfWork};
pub use verifications::MemoryVerifications;

/// One fake of each port. Some are also accessible by their own types.
pub struct FakePorts<S = FakeStore> {
    /// The ports to construct use cases with.
    pub ports: Ports,
    /// The store in `ports`.
    pub store: Arc<S>,
    /// The clock in `ports`.
    pub clock: Arc<FixedClock>,
    /// The hasher in `ports`.
    pub hasher: Arc<PlainHasher>,
}

impl<S: Store + 'static> FakePorts<S> {
    /// Creates fakes with this store.
    #[must_use]
    pub fn with_store(store: S) -> Self {
        let store = Arc::new(store);
        let clock = Arc::new(FixedClock::default());
        let hasher = Arc::new(PlainHasher::default());
        let ports = Ports {
            store: store.clone(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::default()),
            hasher: hasher.clone(),
            mac: Arc::new(PlainMac),
            cipher: Arc::new(PlainCipher),
            link_signer: Arc::new(PlainLinkSigner),
            account_cookie_codec: Arc::new(PlainAccountCookieCodec),
            api_key_digests: Arc::new(PlainApiKeyDigests),
            passkey_verifier: Arc::new(PlainPasskeyVerifier),
            code_digests: Arc::new(PlainCodeDigests),
            session_cache_codec: Arc::new(PlainSessionCacheCodec),
            token_signer: Arc::new(PlainTokenSigner),
            token_verifier: Arc::new(PlainTokenVerifier),
            two_factor_codes: Arc::new(PlainTwoFactorCodes),
            queue_wakeup: QueueWakeup::default(),
            gate: Gate::opened(),
            clock_check: ClockCheck::new(store.clone(), clock.clone(), None),
        };
        Self {
            ports,
            store,
            clock,
            hasher,
        }
    }
}

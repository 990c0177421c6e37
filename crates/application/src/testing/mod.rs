//! Test doubles of the ports: one unit of work full of mocks, and small fakes of the rest.

mod fakes;
pub mod fixtures;
mod outbox;
mod sealing;
mod store;
mod verifications;

use std::sync::Arc;

use crate::{
    clock_check::ClockCheck,
    ports::{Bell, Gate, Ports},
};

pub use fakes::{FixedClock, PlainHasher, PlainMac, SeededRandom};
pub use outbox::Outbox;
pub use sealing::{PlainCipher, PlainLinkSigner, PlainSessionSealer, PlainTokenSigner};
pub use store::{FakeStore, FakeUnitOfWork};
pub use verifications::MemoryVerifications;

/// One fake of each port around a store, held besides as what they are.
pub struct FakePorts {
    /// What use cases are made with.
    pub ports: Ports,
    /// The store within.
    pub store: Arc<FakeStore>,
    /// The clock within.
    pub clock: Arc<FixedClock>,
    /// The hasher within.
    pub hasher: Arc<PlainHasher>,
}

impl FakePorts {
    /// Fakes around this store.
    #[must_use]
    pub fn around(store: FakeStore) -> Self {
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
            session_sealer: Arc::new(PlainSessionSealer),
            token_signer: Arc::new(PlainTokenSigner),
            bell: Bell::default(),
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

//! A store whose repositories are mocks.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;

use crate::ports::{
    AccountRepository, Failure, KnownAddressRepository, MockAccountRepository, MockKnownAddressRepository,
    MockRateLimitRepository, MockSessionRepository, MockUserRepository, RateLimitRepository, Repositories,
    SessionRepository, Store, UnitOfWork, UserRepository,
};

/// One mock of each repository. What is not expected of it fails the test.
#[derive(Default)]
pub struct FakeUnitOfWork {
    /// Expect calls here.
    pub accounts: MockAccountRepository,
    /// Expect calls here.
    pub known_addresses: MockKnownAddressRepository,
    /// Expect calls here.
    pub rate_limits: MockRateLimitRepository,
    /// Expect calls here.
    pub sessions: MockSessionRepository,
    /// Expect calls here.
    pub users: MockUserRepository,
    committed: Arc<AtomicBool>,
}

impl Repositories for FakeUnitOfWork {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        &mut self.accounts
    }

    fn known_addresses(&mut self) -> &mut dyn KnownAddressRepository {
        &mut self.known_addresses
    }

    fn rate_limits(&mut self) -> &mut dyn RateLimitRepository {
        &mut self.rate_limits
    }

    fn sessions(&mut self) -> &mut dyn SessionRepository {
        &mut self.sessions
    }

    fn users(&mut self) -> &mut dyn UserRepository {
        &mut self.users
    }
}

#[async_trait]
impl UnitOfWork for FakeUnitOfWork {
    async fn commit(self: Box<Self>) -> Result<(), Failure> {
        self.committed.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// Hands out what it was given, in order: one unit for each `read` and each `begin`.
#[derive(Default)]
pub struct FakeStore {
    reads: Mutex<Vec<FakeUnitOfWork>>,
    units: Mutex<Vec<FakeUnitOfWork>>,
    committed: Arc<AtomicBool>,
}

impl FakeStore {
    /// A store that hands out these, and an empty one (of which nothing is expected) after the last.
    #[must_use]
    pub fn new(reads: Vec<FakeUnitOfWork>, units: Vec<FakeUnitOfWork>) -> Self {
        let backwards = |list: Vec<FakeUnitOfWork>| Mutex::new(list.into_iter().rev().collect());
        Self {
            reads: backwards(reads),
            units: backwards(units),
            committed: Arc::default(),
        }
    }

    /// Whether a unit of work was committed.
    #[must_use]
    pub fn has_committed(&self) -> bool {
        self.committed.load(Ordering::SeqCst)
    }
}

fn next(list: &Mutex<Vec<FakeUnitOfWork>>) -> FakeUnitOfWork {
    list.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop()
        .unwrap_or_default()
}

#[async_trait]
impl Store for FakeStore {
    fn read(&self) -> Box<dyn Repositories> {
        Box::new(next(&self.reads))
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        let mut unit = next(&self.units);
        unit.committed = Arc::clone(&self.committed);
        Box::new(unit)
    }

    async fn ping(&self) -> Result<(), Failure> {
        Ok(())
    }
}

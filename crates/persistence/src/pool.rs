//! The connection pool, permits to use its connections, and its replacement when all connections hang.

use std::{
    num::NonZero,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::r2d2::{self, NopErrorHandler, PooledConnection};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    database_url::DatabaseUrl,
    error::OperationFailure,
    health::{Attempt, Health},
    manager::{Manager, READ_ONLY_LIFETIME},
};

/// How long all permits of a pool must have been in use before the pool is replaced.
const STUCK: Duration = Duration::from_secs(5);
/// Maximum number of pools, including those that hang.
const MOST_GENERATIONS: usize = 3;
/// How often a thread that waits for a connection checks whether the database is unreachable.
const LOOK: Duration = Duration::from_millis(20);
/// r2d2 waits at most half of this between two connection attempts. Waits for a connection have their own time limit.
const RETRY: Duration = Duration::from_millis(200);

/// Size and time limits of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOptions {
    /// Maximum number of connections.
    pub size: u32,
    /// How long an operation may wait for a permit, and then for a connection.
    pub acquire: Duration,
    /// How long an operation may take once it has a permit.
    pub operation: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            size: u32::try_from(2 * cores + 2).unwrap_or(u32::MAX).max(4),
            acquire: Duration::from_secs(1),
            operation: Duration::from_secs(3),
        }
    }
}

/// The connections of a store.
pub(crate) struct Pool {
    url: Arc<DatabaseUrl>,
    health: Arc<Health>,
    options: PoolOptions,
    current: RwLock<Arc<Generation>>,
    retired: Mutex<Vec<Weak<Generation>>>,
}

/// One r2d2 pool and its permits.
struct Generation {
    connections: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
    born: Instant,
    /// When an operation last started, in milliseconds since `born`.
    last_start: AtomicU64,
}

/// The right to use one connection.
pub(crate) struct Lease {
    generation: Arc<Generation>,
    health: Arc<Health>,
    acquire: Duration,
    _permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(url: DatabaseUrl, options: PoolOptions) -> Self {
        Self::with_health(url, options, Health::default())
    }

    /// Returns a pool that does not log when its server cannot be reached.
    pub(crate) fn quiet(url: DatabaseUrl, options: PoolOptions) -> Self {
        Self::with_health(url, options, Health::quiet())
    }

    fn with_health(url: DatabaseUrl, options: PoolOptions, health: Health) -> Self {
        let options = url.adjust(options);
        let url = Arc::new(url);
        let health = Arc::new(health);
        let current = Generation::new(&url, &health, options);
        Self {
            url,
            health,
            options,
            current: RwLock::new(Arc::new(current)),
            retired: Mutex::default(),
        }
    }

    /// Records that a connection reached a read-only server.
    pub(crate) fn note_read_only(&self) {
        self.health.note_read_only(READ_ONLY_LIFETIME);
    }

    pub(crate) const fn options(&self) -> PoolOptions {
        self.options
    }

    /// Waits for a permit, at most for the pool's `acquire` limit.
    pub(crate) async fn lease(&self) -> Result<Lease, OperationFailure> {
        let generation = self.current();
        let Ok(permit) = timeout(self.options.acquire, generation.permit(&self.health)).await else {
            self.replace_if_stuck(&generation);
            return Err(OperationFailure::Overloaded);
        };
        Ok(self.granted(generation, permit?))
    }

    /// Takes a permit if one is free and no operation waits for one.
    pub(crate) fn try_lease(&self) -> Option<Lease> {
        let generation = self.current();
        let permit = Arc::clone(&generation.permits).try_acquire_owned().ok()?;
        Some(self.granted(generation, permit))
    }

    fn granted(&self, generation: Arc<Generation>, permit: OwnedSemaphorePermit) -> Lease {
        generation.note_start();
        Lease {
            generation,
            health: Arc::clone(&self.health),
            acquire: self.options.acquire,
            _permit: permit,
        }
    }

    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace_if_stuck(&self, generation: &Arc<Generation>) {
        if !generation.is_stuck() {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let mut retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.retain(|old| old.strong_count() > 0);
        if !Arc::ptr_eq(&current, generation) || retired.len() + 1 >= MOST_GENERATIONS {
            return;
        }
        tracing::warn!(
            generations = retired.len() + 2,
            "all connections to the database hang; replacing the connection pool"
        );
        retired.push(Arc::downgrade(generation));
        *current = Arc::new(Generation::new(&self.url, &self.health, self.options));
    }
}

impl Generation {
    fn new(url: &Arc<DatabaseUrl>, health: &Arc<Health>, options: PoolOptions) -> Self {
        let size = options.size.max(1);
        let manager = Manager::new(Arc::clone(url), Arc::clone(health), options.operation);
        Self {
            connections: r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(RETRY)
                .test_on_check_out(true)
                .error_handler(Box::new(NopErrorHandler))
                .build_unchecked(manager),
            permits: Arc::new(Semaphore::new(
                usize::try_from(size).unwrap_or(Semaphore::MAX_PERMITS),
            )),
            born: Instant::now(),
            last_start: AtomicU64::new(0),
        }
    }

    /// Waits for a permit, or until the database is known to be unreachable. Without this check, every queued operation
    /// would wait for the whole time limit.
    async fn permit(&self, health: &Health) -> Result<OwnedSemaphorePermit, OperationFailure> {
        let asked = health.latest();
        let mut permit = pin!(Arc::clone(&self.permits).acquire_owned());
        loop {
            let failure = health.next_failure();
            if let Some(reason) = self.connection_failure(health, asked) {
                return Err(OperationFailure::Unreachable(reason));
            }
            tokio::select! {
                biased;
                permit = &mut permit => return permit.map_err(|_closed| OperationFailure::Overloaded),
                () = failure => {}
            }
        }
    }

    /// Returns why no connection can be expected: there is none, and an attempt after `asked` has failed.
    fn connection_failure(&self, health: &Health, asked: Attempt) -> Option<&'static str> {
        if self.connections.state().connections > 0 {
            return None;
        }
        health.failure_since(asked)
    }

    fn age(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn note_start(&self) {
        self.last_start.store(self.age(), Ordering::Relaxed);
    }

    /// Returns whether all permits are held by operations that started long ago. If one of them had ended, a waiting
    /// operation would have started.
    fn is_stuck(&self) -> bool {
        let since_last_start = self.age().saturating_sub(self.last_start.load(Ordering::Relaxed));
        self.permits.available_permits() == 0 && Duration::from_millis(since_last_start) >= STUCK
    }
}

impl Lease {
    /// Records that an operation starts.
    pub(crate) fn start(&self) {
        self.generation.note_start();
    }

    /// Records that a connection broke.
    pub(crate) fn note_broken(&self) {
        self.health.raise_epoch();
    }

    /// Records that a connection reached a read-only server.
    pub(crate) fn note_read_only(&self) {
        self.health.note_read_only(READ_ONLY_LIFETIME);
    }

    /// Records that prepared statements no longer match the tables.
    pub(crate) fn outdate_plans(&self) {
        self.health.outdate_plans();
    }

    /// Takes a connection from the pool, or waits for one. Blocks.
    ///
    /// If the pool has no connection and an attempt to make one has just failed, it returns the failure immediately, so
    /// that requests do not wait when the database refuses connections.
    pub(crate) fn check_out(&self) -> Result<PooledConnection<Manager>, OperationFailure> {
        let connections = &self.generation.connections;
        let asked = self.health.latest();
        let end = Instant::now() + self.acquire;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if let Ok(connection) = connections.get_timeout(left.min(LOOK)) {
                return Ok(connection);
            }
            if let Some(reason) = self.generation.connection_failure(&self.health, asked) {
                return Err(OperationFailure::Unreachable(reason));
            }
            if left.is_zero() {
                return Err(OperationFailure::Unreachable(
                    self.health.reason().unwrap_or("no connection in time"),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_for_a_permit_fails_immediately_when_the_database_is_unreachable() {
        let options = PoolOptions {
            size: 1,
            acquire: Duration::from_mins(1),
            ..PoolOptions::default()
        };
        let url = DatabaseUrl::parse("postgres:///d?host=/nowhere").unwrap();
        let pool = Pool::new(url, options);
        let held = pool.lease().await;
        assert!(held.is_ok());
        assert!(matches!(
            pool.lease().await,
            Err(OperationFailure::Unreachable(_))
        ));
    }
}

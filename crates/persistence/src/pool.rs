//! Connections, permits to use them, and what is done where all of them hang.

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
    error::Trouble,
    health::{Attempt, Health},
    manager::{Manager, READ_ONLY_LIFETIME},
};

/// How long every permit of a pool must have been stuck before another pool takes its place.
const STUCK: Duration = Duration::from_secs(5);
/// How many pools there may be at once, counting those that hang.
const MOST_GENERATIONS: usize = 3;
/// How often a thread that waits for a connection looks whether there is still hope.
const LOOK: Duration = Duration::from_millis(20);
/// r2d2 waits at most half of this between two attempts to connect, and we wait for it by a clock of our own.
const RETRY: Duration = Duration::from_millis(200);

/// How many connections there are, and how patient we are with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOptions {
    /// The most connections at once.
    pub size: u32,
    /// How long an operation may wait for its turn, and then for a connection.
    pub acquire: Duration,
    /// How long an operation may take, once it has its turn.
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

/// One pool of r2d2's and its permits.
struct Generation {
    connections: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
    born: Instant,
    /// When an operation last started, in milliseconds of this generation.
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
        let options = url.adjust(options);
        let url = Arc::new(url);
        let health = Arc::new(Health::default());
        let current = Generation::new(&url, &health, options);
        Self {
            url,
            health,
            options,
            current: RwLock::new(Arc::new(current)),
            retired: Mutex::default(),
        }
    }

    /// Notes that a connection reached a read-only server.
    pub(crate) fn note_read_only(&self) {
        self.health.doubt_read_only(READ_ONLY_LIFETIME);
    }

    pub(crate) const fn options(&self) -> PoolOptions {
        self.options
    }

    /// Waits for a turn, but not long.
    pub(crate) async fn lease(&self) -> Result<Lease, Trouble> {
        let generation = self.current();
        let Ok(turn) = timeout(self.options.acquire, generation.turn(&self.health)).await else {
            self.replace_if_stuck(&generation);
            return Err(Trouble::Overloaded);
        };
        let permit = turn?;
        generation.note_start();
        Ok(Lease {
            generation,
            health: Arc::clone(&self.health),
            acquire: self.options.acquire,
            _permit: permit,
        })
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
            "every connection hangs; a new pool takes their place"
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

    /// Waits for a permit as long as there is hope: a queue before a database that refuses would cost everybody
    /// in it the whole patience.
    async fn turn(&self, health: &Health) -> Result<OwnedSemaphorePermit, Trouble> {
        let asked = health.latest();
        let mut permit = pin!(Arc::clone(&self.permits).acquire_owned());
        loop {
            let failure = health.next_failure();
            if let Some(reason) = self.despair(health, asked) {
                return Err(Trouble::Unreachable(reason));
            }
            tokio::select! {
                biased;
                permit = &mut permit => return permit.map_err(|_closed| Trouble::Overloaded),
                () = failure => {}
            }
        }
    }

    /// Why there will be no connection, where there is none and an attempt to make one has failed since.
    fn despair(&self, health: &Health, asked: Attempt) -> Option<&'static str> {
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

    /// Whether all permits are held by operations that started long ago: one that had ended would have let a
    /// waiting one start.
    fn is_stuck(&self) -> bool {
        let since_last_start = self.age().saturating_sub(self.last_start.load(Ordering::Relaxed));
        self.permits.available_permits() == 0 && Duration::from_millis(since_last_start) >= STUCK
    }
}

impl Lease {
    /// Notes that an operation starts.
    pub(crate) fn start(&self) {
        self.generation.note_start();
    }

    /// Notes that a connection broke.
    pub(crate) fn doubt_connections(&self) {
        self.health.raise_epoch();
    }

    /// Notes that a connection reached a read-only server.
    pub(crate) fn note_read_only(&self) {
        self.health.doubt_read_only(READ_ONLY_LIFETIME);
    }

    /// Notes that what connections have prepared does not fit the tables any more.
    pub(crate) fn outdate_plans(&self) {
        self.health.outdate_plans();
    }

    /// Takes a connection, or waits for one. Blocks.
    ///
    /// Where there is none at all and an attempt to make one has just failed, waiting is given up at once: a
    /// database that refuses must not cost every request a second.
    pub(crate) fn check_out(&self) -> Result<PooledConnection<Manager>, Trouble> {
        let connections = &self.generation.connections;
        let asked = self.health.latest();
        let end = Instant::now() + self.acquire;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if let Ok(connection) = connections.get_timeout(left.min(LOOK)) {
                return Ok(connection);
            }
            if let Some(reason) = self.generation.despair(&self.health, asked) {
                return Err(Trouble::Unreachable(reason));
            }
            if left.is_zero() {
                return Err(Trouble::Unreachable(
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
    async fn whoever_waits_for_a_turn_hears_at_once_that_there_is_no_database() {
        let options = PoolOptions {
            size: 1,
            acquire: Duration::from_mins(1),
            ..PoolOptions::default()
        };
        let url = DatabaseUrl::parse("postgres:///d?host=/nowhere").unwrap();
        let pool = Pool::new(url, options);
        let held = pool.lease().await;
        assert!(held.is_ok());
        assert!(matches!(pool.lease().await, Err(Trouble::Unreachable(_))));
    }
}

//! The task that watches a standby.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, time::sleep};

use super::{StandbyError, lease::Lease, log::Log, servers::Servers};
use crate::{
    database_url::DatabaseUrl,
    pool::{Pool, PoolOptions},
};

/// How many times the lease is renewed within the maximum lag.
const BARRIERS: u32 = 5;

/// Pause after a barrier that was not confirmed.
const AFTER_FAILURE: Duration = Duration::from_millis(200);

/// Asks both servers for their positions. It has its own connections, so that the lease does not end when lookups use
/// all connections of the store.
pub(super) struct Watch {
    servers: Arc<Servers>,
    lease: Weak<Lease>,
    has_begun: AtomicBool,
}

impl Watch {
    pub(super) fn new(
        primary: &DatabaseUrl,
        standby: &DatabaseUrl,
        pool: PoolOptions,
        lease: &Arc<Lease>,
    ) -> Self {
        let server = |url: &DatabaseUrl| Pool::quiet(url.clone().with_pool_size(1), pool);
        Self {
            servers: Arc::new(Servers {
                primary: server(primary),
                standby: server(standby),
            }),
            lease: Arc::downgrade(lease),
            has_begun: AtomicBool::new(false),
        }
    }

    /// Renews the lease until it is dropped, if that has not begun and there is a runtime.
    pub(super) fn begin(&self) {
        if self.has_begun.load(Ordering::Relaxed) {
            return;
        }
        if let Ok(runtime) = Handle::try_current()
            && !self.has_begun.swap(true, Ordering::Relaxed)
        {
            runtime.spawn(renew(Arc::clone(&self.servers), self.lease.clone()));
        }
    }

    /// Returns how long a barrier takes on connections that have been made.
    pub(super) async fn check(&self) -> Result<Duration, StandbyError> {
        let limit = self
            .lease
            .upgrade()
            .map_or(Duration::ZERO, |lease| lease.max_lag());
        self.servers.barrier(limit).await?;
        let barrier = self.servers.barrier(limit).await?;
        Ok(barrier.began.elapsed())
    }
}

async fn renew(servers: Arc<Servers>, lease: Weak<Lease>) {
    let mut log = Log::default();
    while let Some(lease) = lease.upgrade() {
        let limit = lease.max_lag();
        let outcome = servers.barrier(limit).await;
        match outcome {
            Ok(barrier) => lease.confirm(barrier),
            Err(_) => lease.end(),
        }
        drop(lease);
        log.note(outcome.as_ref().err(), Instant::now());
        sleep(if outcome.is_ok() {
            limit / BARRIERS
        } else {
            AFTER_FAILURE
        })
        .await;
    }
}

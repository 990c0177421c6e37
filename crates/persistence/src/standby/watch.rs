//! The task that watches a standby.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, time::sleep};

use super::{
    StandbyError,
    barrier::{Primary, Standby},
    lease::{Barrier, Lease},
};
use crate::{
    database_url::DatabaseUrl,
    pool::{Pool, PoolOptions},
    unit_of_work::ask,
};

/// The operation, as logs name it.
const NAME: &str = "standby.barrier";

/// How many times the lease is renewed within the maximum lag.
const BARRIERS: u32 = 5;

/// Pause between two questions to a standby that has not replayed enough.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(2);

/// Pause after a barrier that was not confirmed.
const AFTER_FAILURE: Duration = Duration::from_millis(200);

/// How long a standby must have been unusable before that is logged: it may lag for a moment.
const BEFORE_LOG: Duration = Duration::from_secs(1);

/// Asks both servers for their positions. It has its own connections, so that the lease does not end when lookups use
/// all connections of the store.
pub(super) struct Watch {
    servers: Arc<Servers>,
    lease: Weak<Lease>,
    has_begun: AtomicBool,
}

struct Servers {
    primary: Pool,
    standby: Pool,
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

impl Servers {
    /// Waits, at most for this time, until the standby has replayed what the primary has inserted by now.
    async fn barrier(&self, limit: Duration) -> Result<Barrier, StandbyError> {
        let began = Instant::now();
        let primary = ask(NAME, &self.primary, Primary::ask)
            .await
            .map_err(|trouble| StandbyError::Primary(trouble.to_string()))?;
        loop {
            let standby = ask(NAME, &self.standby, Standby::ask)
                .await
                .map_err(|trouble| StandbyError::Standby(trouble.to_string()))?;
            if standby.has_replayed(&primary)? {
                return Ok(Barrier {
                    began,
                    server: standby.server,
                    position: primary.end(),
                });
            }
            if began.elapsed() >= limit {
                return Err(StandbyError::Lag);
            }
            sleep(BETWEEN_QUESTIONS).await;
        }
    }
}

/// Logs once when the standby becomes unusable, and once when it is used again.
#[derive(Debug, Default)]
struct Log {
    /// What was logged last. `None`: nothing.
    is_used: Option<bool>,
    failing_since: Option<Instant>,
}

impl Log {
    fn note(&mut self, failure: Option<&StandbyError>, now: Instant) {
        let Some(failure) = failure else {
            self.failing_since = None;
            if self.is_used != Some(true) {
                self.is_used = Some(true);
                tracing::info!("session checks use the standby");
            }
            return;
        };
        let since = *self.failing_since.get_or_insert(now);
        if self.is_used != Some(false) && now.duration_since(since) >= BEFORE_LOG {
            self.is_used = Some(false);
            tracing::warn!(cause = %failure, "the standby cannot be used; session checks use the primary");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standby_that_lags_for_a_moment_is_not_logged_as_unusable() {
        let mut log = Log::default();
        let start = Instant::now();
        log.note(None, start);
        assert_eq!(log.is_used, Some(true));
        log.note(Some(&StandbyError::Lag), start);
        log.note(None, start + BEFORE_LOG);
        log.note(Some(&StandbyError::Lag), start + 2 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(true));
        log.note(Some(&StandbyError::Lag), start + 3 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(false));
        log.note(None, start + 4 * BEFORE_LOG);
        assert_eq!(log.is_used, Some(true));
    }
}

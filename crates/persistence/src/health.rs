//! What is known of the database's health; shared by every pool of a store.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Notify, futures::Notified};

/// Counts attempts to connect and connections that broke, and tells the log of an outage once.
#[derive(Debug, Default)]
pub(crate) struct Health {
    attempts: AtomicU64,
    last_failed: AtomicU64,
    failures: Notify,
    reason: Mutex<Option<&'static str>>,
    is_down: AtomicBool,
    epoch: AtomicU64,
    plans: AtomicU64,
    read_only_doubted: Mutex<Option<Instant>>,
}

/// The number of one attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attempt(u64);

impl Health {
    /// The number of a new attempt.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt(self.attempts.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// The latest attempt so far.
    pub(crate) fn latest(&self) -> Attempt {
        Attempt(self.attempts.load(Ordering::SeqCst))
    }

    /// An attempt failed.
    pub(crate) fn failed(&self, attempt: Attempt, reason: &'static str) {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        self.last_failed.fetch_max(attempt.0, Ordering::SeqCst);
        self.failures.notify_waiters();
        if !self.is_down.swap(true, Ordering::SeqCst) {
            tracing::error!(reason, "the database cannot be reached");
        }
    }

    /// Comes with the next failed attempt after this call.
    pub(crate) fn next_failure(&self) -> Notified<'_> {
        self.failures.notified()
    }

    /// An attempt succeeded.
    pub(crate) fn succeeded(&self) {
        if self.is_down.swap(false, Ordering::SeqCst) {
            tracing::info!("the database can be reached again");
        }
    }

    /// Why an attempt failed that is younger than this one, if one did.
    pub(crate) fn failure_since(&self, attempt: Attempt) -> Option<&'static str> {
        let has_failed = self.last_failed.load(Ordering::SeqCst) > attempt.0;
        has_failed.then(|| self.reason()).flatten()
    }

    /// Why the latest failed attempt failed.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connections of an older epoch are to be doubted.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// A connection broke: the others may have, too.
    pub(crate) fn raise_epoch(&self) {
        self.epoch.fetch_add(1, Ordering::Relaxed);
    }

    /// A connection reached a read-only server: another may reach one that accepts writes. Connections are doubted once in
    /// `pause` at most, or a storm of refused writes would cost every lookup a round trip.
    pub(crate) fn doubt_read_only(&self, pause: Duration) {
        let mut doubted = self
            .read_only_doubted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if doubted.is_none_or(|last| last.elapsed() >= pause) {
            *doubted = Some(Instant::now());
            self.raise_epoch();
        }
    }

    /// What connections have prepared under a lower number is not to be used.
    pub(crate) fn plans(&self) -> u64 {
        self.plans.load(Ordering::SeqCst)
    }

    /// A table has changed under a prepared statement: other connections have prepared the same.
    pub(crate) fn outdate_plans(&self) {
        self.plans.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attempts_younger_than_the_asker_count() {
        let health = Health::default();
        let early = health.attempt();
        let asked = health.latest();
        health.failed(early, "refused");
        assert_eq!(health.failure_since(asked), None);
        health.failed(health.attempt(), "refused again");
        assert_eq!(health.failure_since(asked), Some("refused again"));
    }
}

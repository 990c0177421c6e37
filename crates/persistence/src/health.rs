//! State of the database's health, shared by all pools of a store.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Notify, futures::Notified};

/// Counts connection attempts and broken connections, and logs each outage once.
#[derive(Debug, Default)]
pub(crate) struct Health {
    attempts: AtomicU64,
    last_failed: AtomicU64,
    failures: Notify,
    reason: Mutex<Option<&'static str>>,
    is_down: AtomicBool,
    epoch: AtomicU64,
    plans: AtomicU64,
    /// Outages are not logged.
    is_quiet: bool,
    read_only_noted: Mutex<Option<Instant>>,
}

/// The number of a connection attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attempt(u64);

impl Health {
    /// Returns a state whose outages another part of the program logs.
    pub(crate) fn quiet() -> Self {
        Self {
            is_quiet: true,
            ..Self::default()
        }
    }

    /// Returns the number of a new attempt.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt(self.attempts.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// Returns the latest attempt.
    pub(crate) fn latest(&self) -> Attempt {
        Attempt(self.attempts.load(Ordering::SeqCst))
    }

    /// Records that an attempt failed.
    pub(crate) fn failed(&self, attempt: Attempt, reason: &'static str) {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        self.last_failed.fetch_max(attempt.0, Ordering::SeqCst);
        self.failures.notify_waiters();
        if !self.is_down.swap(true, Ordering::SeqCst) && !self.is_quiet {
            tracing::error!(reason, "the database cannot be reached");
        }
    }

    /// Returns a future that completes at the next failed attempt.
    pub(crate) fn next_failure(&self) -> Notified<'_> {
        self.failures.notified()
    }

    /// Records that an attempt succeeded.
    pub(crate) fn succeeded(&self) {
        if self.is_down.swap(false, Ordering::SeqCst) && !self.is_quiet {
            tracing::info!("the database can be reached again");
        }
    }

    /// Returns why an attempt after this one failed, or `None` if none has failed.
    pub(crate) fn failure_since(&self, attempt: Attempt) -> Option<&'static str> {
        let has_failed = self.last_failed.load(Ordering::SeqCst) > attempt.0;
        has_failed.then(|| self.reason()).flatten()
    }

    /// Returns why the latest failed attempt failed.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current epoch. Connections that were last checked in an earlier epoch must be checked before use.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// Records that a connection broke: the others may be broken as well.
    pub(crate) fn raise_epoch(&self) {
        self.epoch.fetch_add(1, Ordering::Relaxed);
    }

    /// Records that a connection reached a read-only server: a new one may reach a server that accepts writes. The
    /// epoch is raised at most once per `pause`; otherwise many failing writes would cost every lookup a round trip.
    pub(crate) fn note_read_only(&self, pause: Duration) {
        let mut noted = self
            .read_only_noted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if noted.is_none_or(|last| last.elapsed() >= pause) {
            *noted = Some(Instant::now());
            self.raise_epoch();
        }
    }

    /// Returns the version of the prepared statements. A connection with a lower version must not be used.
    pub(crate) fn plans(&self) -> u64 {
        self.plans.load(Ordering::SeqCst)
    }

    /// Records that a table has changed since a statement was prepared: other connections have prepared the same
    /// statement.
    pub(crate) fn outdate_plans(&self) {
        self.plans.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attempts_after_the_given_one_count() {
        let health = Health::default();
        let early = health.attempt();
        let asked = health.latest();
        health.failed(early, "refused");
        assert_eq!(health.failure_since(asked), None);
        health.failed(health.attempt(), "refused again");
        assert_eq!(health.failure_since(asked), Some("refused again"));
    }
}

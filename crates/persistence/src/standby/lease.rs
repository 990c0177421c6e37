//! The time during which a standby may answer.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

/// How long the standby is not used after it failed to answer.
const SUSPENSION: Duration = Duration::from_secs(1);

/// The right to read from the standby. It is valid while the last confirmed barrier began less than the maximum lag ago,
/// by this process's monotonic clock. So it also ends if the primary hangs, the connection between the servers is cut, or
/// this process is paused.
#[derive(Debug)]
pub(crate) struct Lease {
    max_lag: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    barrier: Option<Barrier>,
    /// A barrier must have begun after this.
    not_before: Option<Instant>,
}

/// A point in time whose changes the standby has replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Barrier {
    /// The time before the primary was asked for its position.
    pub(crate) began: Instant,
    /// The start time of the server that has replayed up to the position: a URL may lead to several servers.
    pub(crate) server: DateTime<Utc>,
    /// The position in the write-ahead log. It is compared in addition to the start time: after a process of the server
    /// has crashed, the server replays from an earlier position, and its start time stays the same.
    pub(crate) position: i64,
}

impl Lease {
    pub(crate) fn new(max_lag: Duration) -> Self {
        Self {
            max_lag,
            state: Mutex::default(),
        }
    }

    pub(crate) const fn max_lag(&self) -> Duration {
        self.max_lag
    }

    /// Records a confirmed barrier.
    pub(crate) fn confirm(&self, barrier: Barrier) {
        self.state().barrier = Some(barrier);
    }

    /// Ends the lease until the next barrier is confirmed.
    pub(crate) fn end(&self) {
        self.state().barrier = None;
    }

    /// Ends the lease until a barrier that begins from now on is confirmed: this process has committed a change.
    pub(crate) fn require_barrier(&self) {
        self.state().require_after(Instant::now());
    }

    /// Ends the lease for a while: the standby did not answer.
    pub(crate) fn suspend(&self) {
        self.state().require_after(Instant::now() + SUSPENSION);
    }

    /// Whether the standby may answer a lookup that begins now.
    pub(crate) fn is_valid(&self) -> bool {
        let state = self.state();
        state.barrier.is_some_and(|Barrier { began, .. }| {
            state.not_before.is_none_or(|limit| began > limit) && began.elapsed() < self.max_lag
        })
    }

    /// Returns the last confirmed barrier.
    pub(crate) fn barrier(&self) -> Option<Barrier> {
        self.state().barrier
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn require_after(&mut self, time: Instant) {
        self.not_before = self.not_before.max(Some(time));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Duration = Duration::from_mins(10);

    fn barrier(began: Instant) -> Barrier {
        Barrier {
            began,
            server: DateTime::UNIX_EPOCH,
            position: 0,
        }
    }

    #[test]
    fn a_lease_is_valid_until_its_barrier_is_older_than_the_maximum_lag() {
        let lease = Lease::new(LAG);
        assert!(!lease.is_valid());
        lease.confirm(barrier(Instant::now()));
        assert!(lease.is_valid());
        lease.confirm(barrier(Instant::now().checked_sub(LAG).unwrap()));
        assert!(!lease.is_valid());
        lease.confirm(barrier(Instant::now()));
        lease.end();
        assert!(!lease.is_valid());
    }

    #[test]
    fn after_a_change_only_a_barrier_that_began_later_counts() {
        let lease = Lease::new(LAG);
        let early = barrier(Instant::now());
        lease.require_barrier();
        lease.confirm(early);
        assert!(!lease.is_valid());
        lease.confirm(barrier(Instant::now() + Duration::from_millis(1)));
        assert!(lease.is_valid());
    }

    #[test]
    fn a_suspended_standby_stays_suspended_if_a_change_is_committed() {
        let lease = Lease::new(LAG);
        lease.suspend();
        lease.require_barrier();
        lease.confirm(barrier(Instant::now() + SUSPENSION / 2));
        assert!(!lease.is_valid());
        lease.confirm(barrier(Instant::now() + 2 * SUSPENSION));
        assert!(lease.is_valid());
    }
}

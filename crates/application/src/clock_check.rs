//! Comparison of this machine's clock with the database's.
//!
//! Sessions, one-time tokens and counts expire by the clock of the replica that reads them. A replica whose clock is
//! days ahead would delete or reject all of them. So the two clocks are compared before anything is deleted or rejected
//! as expired.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::ports::{Clock, Failure, Store, StoreState};

/// Compares this machine's clock with the database's.
#[derive(Clone)]
pub struct ClockCheck {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    tolerance: Option<TimeDelta>,
}

/// The two clocks differ by more than the tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this machine's clock differs from the database's by {} s", .difference.num_seconds())]
pub struct ClockSkew {
    /// This machine's time minus the database's.
    pub difference: TimeDelta,
}

impl ClockCheck {
    /// Creates the check. A difference of at most `tolerance` is accepted; if it is `None`, any difference.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, tolerance: Option<TimeDelta>) -> Self {
        Self {
            store,
            clock,
            tolerance,
        }
    }

    /// Returns the difference between the two clocks if it exceeds the tolerance.
    #[must_use]
    pub fn skew(&self, state: StoreState) -> Option<ClockSkew> {
        let difference = self.clock.now() - state.time;
        let tolerance = self.tolerance?;
        (difference.abs() > tolerance).then_some(ClockSkew { difference })
    }

    /// Compares the clocks. To be called before something is deleted or rejected as expired.
    ///
    /// # Errors
    ///
    /// [`ClockSkew`] as an unavailable [`Failure`] if the clocks differ; otherwise the store's own failure.
    pub async fn confirm(&self) -> Result<(), Failure> {
        if self.tolerance.is_none() {
            return Ok(());
        }
        let state = self.store.state().await?;
        self.skew(state)
            .map_or(Ok(()), |skew| Err(Failure::unavailable(skew)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakePorts, FakeStore, fixtures::start};

    #[tokio::test]
    async fn clocks_may_differ_by_the_tolerance_in_either_direction() {
        let fake = FakePorts::with_store(FakeStore::default());
        let check = |tolerance| ClockCheck::new(fake.store.clone(), fake.clock.clone(), tolerance);
        let strict = check(Some(TimeDelta::seconds(5)));
        for (difference, agrees) in [(-5000, true), (5000, true), (-5001, false), (5001, false)] {
            let time = start() - TimeDelta::milliseconds(difference);
            fake.store.set_time(time);
            assert_eq!(strict.confirm().await.is_ok(), agrees, "{difference} ms");
            assert!(check(None).confirm().await.is_ok());
        }
        let state = StoreState {
            time: start() - TimeDelta::days(8),
            is_read_only: false,
        };
        let skew = strict.skew(state).unwrap();
        assert_eq!(skew.difference, TimeDelta::days(8));
        assert_eq!(
            skew.to_string(),
            "this machine's clock differs from the database's by 691200 s"
        );
    }
}

//! Deletion of rows that are no longer needed, in batches.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;

use crate::{
    clock_check::ClockCheck,
    ports::{Clock, Failure, Ports, Repositories, Store},
};

/// How many rows one statement deletes.
const BATCH: u32 = 500;
/// The maximum number of statements that a round sends for each kind of row. The next round deletes the rest.
const BATCHES: u32 = 200;

/// Deletes at most this number of rows that ended before this time, and returns how many it has deleted.
pub type DeleteRows =
    for<'a> fn(&'a mut dyn Repositories, DateTime<Utc>, u32) -> BoxFuture<'a, Result<u64, Failure>>;

/// A kind of row that is deleted when it is no longer needed. Each feature with such rows contributes one.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// The name of the rows in the log.
    pub rows: &'static str,
    /// How long a row is kept after its end.
    pub kept: TimeDelta,
    /// Deletes a batch.
    pub delete: DeleteRows,
}

impl Deletion {
    /// Deletes until no row is left or the round's limit is reached, and returns the number of deleted rows.
    async fn sweep(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<u64, Failure> {
        let mut sum = 0;
        for _ in 0..BATCHES {
            let deleted = (self.delete)(db, now - self.kept, BATCH).await?;
            sum += deleted;
            if deleted < u64::from(BATCH) {
                break;
            }
        }
        Ok(sum)
    }
}

/// How long rows of the core are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HousekeepingOptions {
    /// Request counts, after the last admitted request: at least the longest window.
    pub counts: TimeDelta,
    /// Users' known IP addresses, after the last successful sign-in from each.
    pub known_addresses: TimeDelta,
    /// Unsent and dead messages, after they were queued. Must be longer than messages are retried.
    pub messages: TimeDelta,
}

impl HousekeepingOptions {
    /// Returns the deletions of the core: those that no feature contributes.
    #[must_use]
    pub fn deletions(self) -> Vec<Deletion> {
        vec![
            Deletion {
                rows: "sessions",
                kept: TimeDelta::zero(),
                delete: |db, before, limit| db.sessions().delete_expired(before, limit),
            },
            Deletion {
                rows: "counts",
                kept: self.counts,
                delete: |db, before, limit| db.rate_limits().delete_stale(before, limit),
            },
            Deletion {
                rows: "known_addresses",
                kept: self.known_addresses,
                delete: |db, before, limit| db.known_addresses().delete_stale(before, limit),
            },
            Deletion {
                rows: "verifications",
                kept: TimeDelta::zero(),
                delete: |db, before, limit| db.verifications().delete_expired(before, limit),
            },
            Deletion {
                rows: "messages",
                kept: self.messages,
                delete: |db, before, limit| db.messages().delete_old(before, limit),
            },
        ]
    }
}

/// How many rows of one kind a round deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletedRows {
    /// The name of the rows in the log.
    pub rows: &'static str,
    /// Their number.
    pub number: u64,
}

/// Deletes rows that are no longer needed.
pub struct Housekeeping {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    deletions: Vec<Deletion>,
}

impl Housekeeping {
    /// Creates the housekeeping for these kinds of rows.
    #[must_use]
    pub fn new(ports: &Ports, deletions: Vec<Deletion>) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            deletions,
        }
    }

    /// Runs one round. Rows that another replica deletes at the same time are skipped.
    ///
    /// # Errors
    ///
    /// The first failure of the store; the other kinds of rows are still deleted. If this machine's clock
    /// differs from the store's, nothing is deleted.
    pub async fn sweep(&self) -> Result<Vec<DeletedRows>, Failure> {
        self.clock_check.confirm().await?;
        let now = self.clock.now();
        let mut db = self.store.autocommit();
        let mut first_failure = None;
        let mut swept = Vec::new();
        for deletion in &self.deletions {
            match deletion.sweep(db.as_mut(), now).await {
                Ok(number) => swept.push(DeletedRows {
                    rows: deletion.rows,
                    number,
                }),
                Err(failure) => {
                    first_failure.get_or_insert(failure);
                }
            }
        }
        first_failure.map_or(Ok(swept), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork, fixtures::start};

    const OPTIONS: HousekeepingOptions = HousekeepingOptions {
        counts: TimeDelta::hours(1),
        known_addresses: TimeDelta::days(30),
        messages: TimeDelta::days(7),
    };

    fn housekeeping(fake: &FakePorts) -> Housekeeping {
        Housekeeping::new(&fake.ports, OPTIONS.deletions())
    }

    #[tokio::test]
    async fn a_round_deletes_expired_rows_in_batches() {
        let mut read = FakeUnitOfWork::default();
        let mut left = 1200_u32;
        read.sessions
            .expect_delete_expired()
            .withf(|before, _| *before == start())
            .times(3)
            .returning_st(move |_, limit| {
                let deleted = left.min(limit);
                left -= deleted;
                Ok(u64::from(deleted))
            });
        read.rate_limits
            .expect_delete_stale()
            .withf(|before, _| *before == start() - TimeDelta::hours(1))
            .once()
            .returning(|_, _| Ok(7));
        read.known_addresses
            .expect_delete_stale()
            .withf(|before, _| *before == start() - TimeDelta::days(30))
            .once()
            .returning(|_, _| Ok(0));
        read.verifications
            .expect_delete_expired()
            .withf(|before, _| *before == start())
            .once()
            .returning(|_, _| Ok(3));
        read.messages
            .expect_delete_old()
            .withf(|before, _| *before == start() - TimeDelta::days(7))
            .once()
            .returning(|_, _| Ok(1));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let swept = housekeeping(&fake).sweep().await.unwrap();
        let swept: Vec<_> = swept
            .iter()
            .map(|deleted| (deleted.rows, deleted.number))
            .collect();
        let expected = [
            ("sessions", 1200),
            ("counts", 7),
            ("known_addresses", 0),
            ("verifications", 3),
            ("messages", 1),
        ];
        assert_eq!(swept, expected);
    }

    #[tokio::test]
    async fn a_round_ends_even_if_rows_are_inserted_as_fast_as_they_are_deleted() {
        let mut read = FakeUnitOfWork::default();
        read.sessions
            .expect_delete_expired()
            .times(200)
            .returning(|_, limit| Ok(u64::from(limit)));
        read.rate_limits.expect_delete_stale().returning(|_, _| Ok(0));
        read.known_addresses.expect_delete_stale().returning(|_, _| Ok(0));
        read.verifications.expect_delete_expired().returning(|_, _| Ok(0));
        read.messages.expect_delete_old().returning(|_, _| Ok(0));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let swept = housekeeping(&fake).sweep().await.unwrap();
        assert_eq!((swept[0].rows, swept[0].number), ("sessions", 100_000));
    }

    #[tokio::test]
    async fn a_failure_for_one_kind_of_row_does_not_stop_the_others() {
        let mut read = FakeUnitOfWork::default();
        let sessions = read.sessions.expect_delete_expired().once();
        sessions.returning(|_, _| Err(Failure::unavailable("unreachable")));
        let others = read.messages.expect_delete_old().once();
        others.returning(|_, _| Err(Failure::new("another")));
        read.rate_limits
            .expect_delete_stale()
            .once()
            .returning(|_, _| Ok(0));
        read.known_addresses
            .expect_delete_stale()
            .once()
            .returning(|_, _| Ok(0));
        read.verifications
            .expect_delete_expired()
            .once()
            .returning(|_, _| Ok(0));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let error = housekeeping(&fake).sweep().await.unwrap_err();
        assert!(error.is_unavailable(), "the first failure is returned");
    }
}

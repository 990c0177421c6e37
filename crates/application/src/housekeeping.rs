//! Deletion of expired rows, in batches.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    clock_check::ClockCheck,
    ports::{Clock, Failure, Ports, Store},
};

/// How many rows one statement deletes.
const BATCH: u32 = 500;
/// The maximum number of statements that a round sends for each kind of row. The next round deletes the rest.
const BATCHES: u32 = 200;

/// How long each kind of row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HousekeepingOptions {
    /// Request counts, after the last admitted request: at least the longest window.
    pub counts: TimeDelta,
    /// Users' known IP addresses, after the last successful sign-in from each.
    pub known_addresses: TimeDelta,
    /// Unsent and dead messages, after they were queued. Must be longer than messages are retried.
    pub messages: TimeDelta,
    /// JWT signing keys, after they have expired: their grace period. `None`: they are never deleted.
    pub ended_keys: Option<TimeDelta>,
}

/// How many rows a round deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeletedRows {
    /// Expired sessions.
    pub sessions: u64,
    /// Request counts.
    pub counts: u64,
    /// Known IP addresses.
    pub known_addresses: u64,
    /// Expired one-time tokens.
    pub verifications: u64,
    /// Unsent and dead messages.
    pub messages: u64,
    /// JWT signing keys.
    pub keys: u64,
}

/// Deletes expired rows.
pub struct Housekeeping {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    options: HousekeepingOptions,
}

impl Housekeeping {
    /// Creates the housekeeping for `options`.
    #[must_use]
    pub fn new(ports: &Ports, options: HousekeepingOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            options,
        }
    }

    /// Runs one round. Rows that another replica deletes at the same time are skipped.
    ///
    /// # Errors
    ///
    /// The first failure of the store; the other kinds of rows are deleted all the same. If this machine's clock
    /// differs from the store's, nothing is deleted.
    pub async fn sweep(&self) -> Result<DeletedRows, Failure> {
        self.clock_check.confirm().await?;
        let now = self.clock.now();
        let options = &self.options;
        let counts = now - options.counts;
        let addresses = now - options.known_addresses;
        let messages = now - options.messages;
        let mut db = self.store.autocommit();
        let mut first_failure = None;
        let mut or_zero = |outcome: Result<u64, Failure>| {
            outcome.unwrap_or_else(|failure| {
                first_failure.get_or_insert(failure);
                0
            })
        };
        let swept = DeletedRows {
            sessions: or_zero(in_batches(async || db.sessions().delete_expired(now, BATCH).await).await),
            counts: or_zero(in_batches(async || db.rate_limits().delete_stale(counts, BATCH).await).await),
            known_addresses: or_zero(
                in_batches(async || db.known_addresses().delete_stale(addresses, BATCH).await).await,
            ),
            verifications: or_zero(
                in_batches(async || db.verifications().delete_expired(now, BATCH).await).await,
            ),
            messages: or_zero(in_batches(async || db.messages().delete_old(messages, BATCH).await).await),
            keys: match options.ended_keys {
                Some(grace) => {
                    or_zero(in_batches(async || db.jwks().delete_ended(now - grace, BATCH).await).await)
                }
                None => 0,
            },
        };
        first_failure.map_or(Ok(swept), Err)
    }
}

/// Deletes until no row is left or the round's limit is reached, and returns the number of deleted rows.
async fn in_batches(mut delete: impl AsyncFnMut() -> Result<u64, Failure>) -> Result<u64, Failure> {
    let mut sum = 0;
    for _ in 0..BATCHES {
        let deleted = delete().await?;
        sum += deleted;
        if deleted < u64::from(BATCH) {
            break;
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork, fixtures::start};

    const OPTIONS: HousekeepingOptions = HousekeepingOptions {
        counts: TimeDelta::hours(1),
        known_addresses: TimeDelta::days(30),
        messages: TimeDelta::days(7),
        ended_keys: Some(TimeDelta::days(30)),
    };

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
        read.jwks
            .expect_delete_ended()
            .withf(|before, _| *before == start() - TimeDelta::days(30))
            .once()
            .returning(|_, _| Ok(2));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let swept = Housekeeping::new(&fake.ports, OPTIONS).sweep().await.unwrap();
        let expected = DeletedRows {
            sessions: 1200,
            counts: 7,
            known_addresses: 0,
            verifications: 3,
            messages: 1,
            keys: 2,
        };
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
        let options = HousekeepingOptions {
            ended_keys: None,
            ..OPTIONS
        };
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let swept = Housekeeping::new(&fake.ports, options).sweep().await.unwrap();
        assert_eq!((swept.sessions, swept.keys), (100_000, 0));
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
        read.jwks.expect_delete_ended().once().returning(|_, _| Ok(0));
        let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
        let error = Housekeeping::new(&fake.ports, OPTIONS).sweep().await.unwrap_err();
        assert!(error.is_unavailable(), "the first failure is returned");
    }
}

//! What nobody needs any more is deleted, a little at a time.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    clock_check::ClockCheck,
    ports::{Clock, Failure, Ports, Store},
};

/// How many rows are deleted by one statement.
const BATCH: u32 = 500;
/// How many statements a round sends for each kind of row at the most: the rest waits for the next round.
const BATCHES: u32 = 200;

/// For how long things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HousekeepingOptions {
    /// What was counted of requests, after the last that was admitted: no less than the longest window.
    pub counts: TimeDelta,
    /// The addresses of users, after the last good sign-in from there.
    pub known_addresses: TimeDelta,
    /// Messages that were never sent, or the marks of them, after they were queued: longer than any is tried.
    pub messages: TimeDelta,
    /// Keys of JWTs, after they have ended: their grace. None: they are left where they are.
    pub ended_keys: Option<TimeDelta>,
}

/// How many rows a round has deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions that had ended.
    pub sessions: u64,
    /// Counts of requests.
    pub counts: u64,
    /// Addresses of users.
    pub known_addresses: u64,
    /// One-time secrets that had ended.
    pub verifications: u64,
    /// Messages that were never sent, or the marks of them.
    pub messages: u64,
    /// Keys of JWTs.
    pub keys: u64,
}

/// Deletes what nobody needs any more.
pub struct Housekeeping {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    options: HousekeepingOptions,
}

impl Housekeeping {
    /// Keeps things for as long as these options say.
    #[must_use]
    pub fn new(ports: &Ports, options: HousekeepingOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            options,
        }
    }

    /// One round. Rows that another replica deletes at the same time are passed over.
    ///
    /// # Errors
    ///
    /// The first failure of the store; what could be deleted all the same stays so. If this machine's clock differs from
    /// the store's, nothing is deleted.
    pub async fn sweep(&self) -> Result<Swept, Failure> {
        self.clock_check.confirm().await?;
        let now = self.clock.now();
        let options = &self.options;
        let counts = now - options.counts;
        let addresses = now - options.known_addresses;
        let messages = now - options.messages;
        let mut db = self.store.read();
        let mut first = None;
        let mut told = |outcome: Result<u64, Failure>| {
            outcome.unwrap_or_else(|failure| {
                first.get_or_insert(failure);
                0
            })
        };
        let swept = Swept {
            sessions: told(in_batches(async || db.sessions().delete_expired(now, BATCH).await).await),
            counts: told(in_batches(async || db.rate_limits().delete_stale(counts, BATCH).await).await),
            known_addresses: told(
                in_batches(async || db.known_addresses().delete_stale(addresses, BATCH).await).await,
            ),
            verifications: told(
                in_batches(async || db.verifications().delete_expired(now, BATCH).await).await,
            ),
            messages: told(in_batches(async || db.messages().delete_old(messages, BATCH).await).await),
            keys: match options.ended_keys {
                Some(grace) => {
                    told(in_batches(async || db.jwks().delete_ended(now - grace, BATCH).await).await)
                }
                None => 0,
            },
        };
        first.map_or(Ok(swept), Err)
    }
}

/// Deletes until there is nothing left to delete, or enough is done for one round; says how many rows.
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
    async fn a_round_deletes_in_batches_what_has_had_its_time() {
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
        let fake = FakePorts::around(FakeStore::new(vec![read], Vec::new()));
        let swept = Housekeeping::new(&fake.ports, OPTIONS).sweep().await.unwrap();
        let expected = Swept {
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
    async fn a_round_ends_even_where_rows_come_as_fast_as_they_go() {
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
        let fake = FakePorts::around(FakeStore::new(vec![read], Vec::new()));
        let swept = Housekeeping::new(&fake.ports, options).sweep().await.unwrap();
        assert_eq!((swept.sessions, swept.keys), (100_000, 0));
    }

    #[tokio::test]
    async fn a_kind_that_fails_keeps_no_other_from_being_swept() {
        let mut read = FakeUnitOfWork::default();
        let sessions = read.sessions.expect_delete_expired().once();
        sessions.returning(|_, _| Err(Failure::unavailable("away")));
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
        let fake = FakePorts::around(FakeStore::new(vec![read], Vec::new()));
        let error = Housekeeping::new(&fake.ports, OPTIONS).sweep().await.unwrap_err();
        assert!(error.is_unavailable(), "the first failure is told");
    }
}

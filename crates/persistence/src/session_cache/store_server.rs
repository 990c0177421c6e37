//! Whether the store uses the server to which the cache listens.
//!
//! A proxy, a pooler or a changed DNS name can lead the store to another server while the old server still runs and
//! keeps the listener's connection. Rounds would continue to succeed there. So the store is asked for its server from
//! time to time.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult, RunQueryDsl, dsl::sql, select, sql_types::Timestamptz};
use tokio::task;

use super::{SessionCache, clock, nanoseconds};
use crate::{pool::Pool, unit_of_work::ask};

/// The operation, as logs name it.
const NAME: &str = "session_cache.server";

/// How often the store is asked, if sessions are looked up.
const BETWEEN: Duration = Duration::from_secs(1);
/// How long entries may be returned after the store was asked.
const LONGEST: Duration = Duration::from_secs(10);

/// What is known about the server that the store uses.
#[derive(Debug, Default)]
pub(super) struct StoreServer {
    /// When the server of the listener started, by which it differs from others.
    of_listener: Mutex<Option<DateTime<Utc>>>,
    /// When the store was last asked and used this server, in nanoseconds of the clock.
    confirmed: AtomicU64,
    /// When the store was last asked.
    asked: AtomicU64,
    /// Whether the store has used another server since the listener began.
    is_other: AtomicBool,
}

impl StoreServer {
    /// Records that a listener begins, to this server, which the store used after this time.
    pub(super) fn begin(&self, server: DateTime<Utc>, since: Duration) {
        *self.of_listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
        self.confirmed.store(nanoseconds(since), Ordering::SeqCst);
        self.is_other.store(false, Ordering::SeqCst);
    }

    /// Returns whether the store has used another server. The listener must begin anew.
    pub(super) fn is_other(&self) -> bool {
        self.is_other.load(Ordering::SeqCst)
    }

    /// Returns whether the store used the server of the listener a short time ago.
    pub(super) fn is_confirmed(&self) -> bool {
        let confirmed = Duration::from_nanos(self.confirmed.load(Ordering::SeqCst));
        clock::now().is_some_and(|now| now.saturating_sub(confirmed) < LONGEST)
    }

    /// Returns the present time if the store must be asked now, to only one of several concurrent callers.
    fn claim_question(&self) -> Option<Duration> {
        let now = clock::now()?;
        let asked = self.asked.load(Ordering::Relaxed);
        let is_late = now.saturating_sub(Duration::from_nanos(asked)) >= BETWEEN;
        let claim = || {
            let (success, failure) = (Ordering::Relaxed, Ordering::Relaxed);
            self.asked
                .compare_exchange(asked, nanoseconds(now), success, failure)
        };
        (is_late && claim().is_ok()).then_some(now)
    }

    /// Records the server of the store, which was asked at this time.
    fn note(&self, server: DateTime<Utc>, asked: Duration) {
        if nanoseconds(asked) < self.confirmed.load(Ordering::SeqCst) {
            return;
        }
        let of_listener = self.of_listener.lock().unwrap_or_else(PoisonError::into_inner);
        if *of_listener == Some(server) {
            self.confirmed.fetch_max(nanoseconds(asked), Ordering::SeqCst);
        } else if of_listener.is_some() {
            self.is_other.store(true, Ordering::SeqCst);
        }
    }
}

impl SessionCache {
    /// Asks the store for its server, unless it was asked a short time ago. Does not wait for the answer.
    pub(crate) fn watch_store(self: &Arc<Self>, pool: &Arc<Pool>) {
        if let Some(asked) = self.store_server.claim_question() {
            let (cache, pool) = (Arc::clone(self), Arc::clone(pool));
            task::spawn(async move {
                if let Ok(server) = ask(NAME, &pool, started).await {
                    cache.store_server.note(server, asked);
                }
            });
        }
    }
}

/// Returns when the server started.
fn started(connection: &mut PgConnection) -> QueryResult<DateTime<Utc>> {
    select(sql::<Timestamptz>("pg_postmaster_start_time()")).get_result(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_returned_only_while_the_store_uses_the_server_of_the_listener() {
        let (one, other) = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
        let server = StoreServer::default();
        let now = clock::now().unwrap();
        server.note(one, now);
        assert!(
            !server.is_confirmed() && !server.is_other(),
            "there is no listener"
        );
        server.begin(one, now.saturating_sub(LONGEST));
        assert!(!server.is_confirmed());
        server.note(one, now);
        assert!(server.is_confirmed() && !server.is_other());
        server.note(other, now);
        assert!(server.is_other());
        server.begin(other, now);
        server.note(one, now.saturating_sub(BETWEEN));
        assert!(server.is_confirmed() && !server.is_other(), "the answer is older");
    }

    #[test]
    fn the_store_is_asked_once_in_a_while() {
        let server = StoreServer::default();
        assert!(server.claim_question().is_some());
        assert!(server.claim_question().is_none());
    }
}

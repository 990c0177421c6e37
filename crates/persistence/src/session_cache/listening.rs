//! A connection that listens.

use std::{sync::Weak, thread, time::Duration};

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult, pg::PgNotification};

use super::{
    SessionCache,
    change::{Changed, RowChange},
    clock,
    keys::IdHash,
    listener::reason,
    round::{self, State},
    tables::Tables,
    triggers::{ANY_ROWS, DIGITS, PROBE},
};

/// The pause between two rounds. With the time of a round, it must be shorter than the lease.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// After a longer pause, the listener connects again, which clears the cache, instead of reading the notifications that
/// have arrived.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How many notifications are read at a time. Any user of the database can send more, and they take memory.
const MOST_NOTIFICATIONS: usize = 10_000;

/// A connection that listens to these tables.
pub(super) struct Listening {
    connection: PgConnection,
    pub(super) tables: Tables,
    /// What a round must find.
    fingerprint: String,
    /// When the server started.
    server: DateTime<Utc>,
    /// When the connection began to listen.
    began: Duration,
}

impl Listening {
    pub(super) fn new(mut connection: PgConnection, tables: Tables, began: Duration) -> Result<Self, String> {
        let state = round::prepare(&mut connection, tables).and_then(|()| round::ask(&mut connection));
        let State {
            fingerprint, server, ..
        } = state.map_err(|error| reason(&error))?;
        Ok(Self {
            connection,
            tables,
            fingerprint,
            server,
            began,
        })
    }

    /// Runs rounds until one fails. Returns the reason.
    pub(super) fn follow(&mut self, cache: &Weak<SessionCache>) -> String {
        // Changes before this connection listened may have been missed.
        if let Some(cache) = cache.upgrade() {
            cache.apply(RowChange::ALL);
            cache.store_server.begin(self.server, self.began);
        }
        let mut last = clock::now();
        while let Some(cache) = cache.upgrade() {
            match self.run_round(&cache, last) {
                Ok(began) => last = Some(began),
                Err(reason) => return reason,
            }
            drop(cache);
            thread::sleep(PAUSE);
        }
        "the server stops".to_owned()
    }

    /// Returns when the round began.
    fn run_round(&mut self, cache: &SessionCache, last: Option<Duration>) -> Result<Duration, String> {
        let began = clock::now().ok_or("this system has no suitable clock")?;
        if last.is_none_or(|last| began.saturating_sub(last) > LONGEST_PAUSE) {
            return Err("the process was paused, or the database did not answer the listener".to_owned());
        }
        if cache.store_server.is_other() {
            return Err("the store uses another server than before".to_owned());
        }
        // libpq keeps in memory what precedes the answer, so notifications that have arrived are read before the query.
        self.apply(cache)?;
        self.ask()?;
        self.apply(cache)?;
        cache.renew_lease(began);
        Ok(began)
    }

    /// Asks the database for the state, which must be as it was when the connection began to listen.
    pub(super) fn ask(&mut self) -> Result<(), String> {
        let state = round::ask(&mut self.connection);
        let state = state.map_err(|error| reason(&error))?;
        let trouble = if !state.has_triggers {
            "the triggers of the session cache are missing, or those of another version: run `portcullis migrate`"
        } else if !state.is_listening {
            "the connection does not listen: set `session_cache.listen_url` to the primary server, without a pooler"
        } else if state.is_replicated {
            "sessions or users arrive by logical replication, which the cache cannot see"
        } else if state.fingerprint != self.fingerprint {
            "the tables have changed"
        } else {
            return Ok(());
        };
        Err(trouble.to_owned())
    }

    /// Returns whether a notification with this payload has arrived. Asks the database nothing.
    pub(super) fn has_received(&mut self, payload: &str) -> Result<bool, String> {
        let mut is_there = false;
        read(self.connection.notifications_iter(), |notification| {
            is_there |= notification.payload == payload;
        })?;
        Ok(is_there)
    }

    /// Applies the changes that have been reported.
    fn apply(&mut self, cache: &SessionCache) -> Result<(), String> {
        let tables = self.tables;
        read(self.connection.notifications_iter(), |notification| {
            for change in changes(tables, notification) {
                cache.apply(change);
            }
        })
    }
}

/// Passes each notification on, so that at most one is in memory.
fn read(
    notifications: impl Iterator<Item = QueryResult<PgNotification>>,
    mut receive: impl FnMut(&PgNotification),
) -> Result<(), String> {
    for (count, notification) in notifications.enumerate() {
        if count >= MOST_NOTIFICATIONS {
            return Err("too many notifications arrive".to_owned());
        }
        receive(&notification.map_err(|error| reason(&error))?);
    }
    Ok(())
}

/// Returns the changes that a notification reports.
fn changes(tables: Tables, notification: &PgNotification) -> Vec<RowChange> {
    let is_of_users = notification.channel == tables.users.channel();
    let changed = |id| {
        if is_of_users {
            RowChange(Changed::User(id))
        } else {
            RowChange(Changed::Session(id))
        }
    };
    let payload = notification.payload.as_str();
    if payload.starts_with(PROBE) {
        return Vec::new();
    }
    ids(payload).map_or_else(
        || vec![RowChange::ALL],
        |ids| ids.into_iter().map(changed).collect(),
    )
}

/// Returns the ids in a payload. `None`: any row may have changed.
fn ids(payload: &str) -> Option<Vec<IdHash>> {
    if payload == ANY_ROWS || !payload.is_ascii() || !payload.len().is_multiple_of(DIGITS) {
        return None;
    }
    let digits = payload.as_bytes().chunks(DIGITS);
    digits
        .map(|digits| u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok())
        .map(|id| id.map(IdHash))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::*;

    #[test]
    fn a_payload_is_a_list_of_hashes_and_anything_else_concerns_every_row() {
        assert_eq!(
            ids("00000000000000ffffffffffffffffff"),
            Some(vec![IdHash(255), IdHash(u64::MAX)])
        );
        for payload in [ANY_ROWS, "0", "zzzzzzzzzzzzzzzz", "0000000000000é"] {
            assert_eq!(ids(payload), None, "{payload}");
        }
        assert_eq!(ids(""), Some(Vec::new()));
    }

    #[test]
    fn a_flood_of_notifications_ends_the_connection() {
        let notification = || PgNotification {
            process_id: 1,
            channel: "channel".to_owned(),
            payload: ANY_ROWS.to_owned(),
        };
        let mut received = 0;
        let few = (0..MOST_NOTIFICATIONS).map(|_| Ok(notification()));
        assert_eq!(read(few, |_| received += 1), Ok(()));
        assert_eq!(received, MOST_NOTIFICATIONS);
        let endless = iter::repeat_with(|| Ok(notification()));
        assert!(read(endless, |_| received += 1).is_err());
        assert_eq!(received, 2 * MOST_NOTIFICATIONS);
    }
}

//! The thread that listens to changes.

use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use diesel::{Connection, PgConnection, connection::SimpleConnection, pg::PgNotification, result::Error};

use super::{
    SessionCache, SessionCacheOptions,
    change::{Changed, IdHash, RowChange},
    clock,
    triggers::{ANY_ROWS, DIGITS, PROBE},
    watch::{self, Tables},
};
use crate::{connect_error::unreachable_reason, database_url::DatabaseUrl, error::DatabaseError};

/// The pause between two rounds. With the time of a round, it must be shorter than the lease.
const PAUSE: Duration = Duration::from_millis(20);
/// The shortest and the longest time between two attempts to listen.
const SHORTEST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_secs(2);
/// How often the listener looks for its probe. PostgreSQL sends it before it answers the next query.
const LOOKS: u32 = 20;

/// How the listener's connection is set up, in addition to the settings of all connections.
const SETTINGS: &str = "SET application_name = 'portcullis session cache'; SET statement_timeout = '5s';";

/// Listens to changes of sessions and users.
pub(crate) struct Listener {
    /// The database by a way on which notifications arrive.
    url: DatabaseUrl,
    /// The database by the way of the store.
    of_store: DatabaseUrl,
}

/// A connection that listens.
struct Listening {
    connection: PgConnection,
    tables: Tables,
    /// What a round must find.
    fingerprint: String,
}

impl Listener {
    pub(crate) fn new(of_store: &DatabaseUrl, options: &SessionCacheOptions) -> Self {
        Self {
            url: options.listen_url.as_ref().unwrap_or(of_store).clone(),
            of_store: of_store.clone(),
        }
    }

    /// Starts the thread. It ends when the cache is dropped.
    pub(crate) fn start(self, cache: &Arc<SessionCache>) {
        let weak = Arc::downgrade(cache);
        let thread = thread::Builder::new().name("session-cache".to_owned());
        if thread.spawn(move || self.run(&weak)).is_err() {
            cache.silence.note("its thread could not be started", None);
        }
    }

    fn run(&self, cache: &Weak<SessionCache>) {
        let mut pause = SHORTEST_RETRY;
        while cache.strong_count() > 0 {
            let reason = match self.listen() {
                Ok(mut listening) => {
                    pause = SHORTEST_RETRY;
                    listening.follow(cache)
                }
                Err(reason) => reason,
            };
            if let Some(cache) = cache.upgrade() {
                cache.end_lease(&reason);
            }
            thread::sleep(pause);
            pause = (2 * pause).min(LONGEST_RETRY);
        }
    }

    /// Connects, listens, and checks that notifications of the store's database arrive.
    fn listen(&self) -> Result<Listening, String> {
        let mut connection = connect(&self.url)?;
        let tables = find(&mut connection)?;
        for table in [tables.sessions, tables.users] {
            let listen = connection.batch_execute(&format!("LISTEN {}", table.channel()));
            listen.map_err(|error| reason(&error))?;
        }
        let state = watch::prepare(&mut connection, tables).and_then(|()| watch::ask(&mut connection));
        let state = state.map_err(|error| reason(&error))?;
        let mut listening = Listening {
            connection,
            tables,
            fingerprint: state.fingerprint,
        };
        self.probe(&mut listening)?;
        Ok(listening)
    }

    /// Sends a notification by the way of the store. It does not arrive if the listener reaches another server, or is behind
    /// a pooler that does not pass notifications on.
    fn probe(&self, listening: &mut Listening) -> Result<(), String> {
        let mut connection = connect(&self.of_store)?;
        if find(&mut connection)? != listening.tables {
            return Err("the listener and the store find different tables".to_owned());
        }
        let channel = listening.tables.sessions.channel();
        let probe = format!("{PROBE}{}", clock::now().unwrap_or_default().as_nanos());
        connection
            .batch_execute(&format!("NOTIFY {channel}, '{probe}'"))
            .map_err(|error| reason(&error))?;
        for _ in 0..LOOKS {
            listening.ask()?;
            let arrived = listening.notifications()?;
            if arrived.iter().any(|notification| notification.payload == probe) {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        Err("notifications do not arrive: set `session_cache.listen_url` to the primary server, without a pooler".to_owned())
    }
}

impl Listening {
    /// Runs rounds until one fails. Returns the reason.
    fn follow(&mut self, cache: &Weak<SessionCache>) -> String {
        // Changes before this connection listened may have been missed.
        if let Some(cache) = cache.upgrade() {
            cache.apply(RowChange::ALL);
        }
        while let Some(cache) = cache.upgrade() {
            if let Err(reason) = self.run_round(&cache) {
                return reason;
            }
            drop(cache);
            thread::sleep(PAUSE);
        }
        "the server stops".to_owned()
    }

    fn run_round(&mut self, cache: &SessionCache) -> Result<(), String> {
        let began = clock::now().ok_or("this system has no suitable clock")?;
        self.ask()?;
        for notification in self.notifications()? {
            for change in self.changes(&notification) {
                cache.apply(change);
            }
        }
        cache.renew_lease(began);
        Ok(())
    }

    /// Asks the database for the state, which must be as it was when the connection began to listen.
    fn ask(&mut self) -> Result<(), String> {
        let state = watch::ask(&mut self.connection);
        let state = state.map_err(|error| reason(&error))?;
        let trouble = if !state.has_triggers {
            "the triggers of the session cache are missing: run `portcullis migrate`"
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

    fn notifications(&mut self) -> Result<Vec<PgNotification>, String> {
        let notifications: Result<Vec<_>, _> = self.connection.notifications_iter().collect();
        notifications.map_err(|error| reason(&error))
    }

    /// Returns the changes that a notification reports.
    fn changes(&self, notification: &PgNotification) -> Vec<RowChange> {
        let is_of_users = notification.channel == self.tables.users.channel();
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

fn find(connection: &mut PgConnection) -> Result<Tables, String> {
    let tables = Tables::find(connection).map_err(|error| reason(&error))?;
    tables.ok_or_else(|| {
        "the tables of sessions and users cannot be watched: each must be one table without partitions, or a view of one"
            .to_owned()
    })
}

fn connect(url: &DatabaseUrl) -> Result<PgConnection, String> {
    let mut connection = PgConnection::establish(url.expose())
        .map_err(|error| format!("the database cannot be reached: {}", unreachable_reason(&error).0))?;
    if url.is_behind_a_pooler() {
        return Ok(connection);
    }
    let settings = format!("{SETTINGS} {}", url.session_settings());
    connection
        .batch_execute(&settings)
        .map_err(|error| reason(&error))?;
    Ok(connection)
}

/// Returns PostgreSQL's error without values.
fn reason(error: &Error) -> String {
    DatabaseError::of(error).to_string()
}

#[cfg(test)]
mod tests {
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
}

//! The thread that listens to changes.

use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use diesel::{Connection, PgConnection, connection::SimpleConnection, result::Error};

use super::{
    SessionCache, SessionCacheOptions, clock,
    listening::{Listening, PAUSE},
    tables::Tables,
    triggers::PROBE,
};
use crate::{connect_error::unreachable_reason, database_url::DatabaseUrl, error::DatabaseError};

/// The shortest and the longest time between two attempts to listen.
const SHORTEST_RETRY: Duration = Duration::from_millis(50);
const LONGEST_RETRY: Duration = Duration::from_secs(2);
/// How many times the listener looks for its probe.
const LOOKS: u32 = 20;

/// How the listener's connection is set up, in addition to the settings of all connections.
const SETTINGS: &str = "SET application_name = 'portcullis session cache'; SET statement_timeout = '5s';";

/// Listens to changes of sessions and users.
pub(crate) struct Listener {
    /// The URL to listen at. Notifications must reach its connections.
    url: DatabaseUrl,
    /// The store's URL.
    of_store: DatabaseUrl,
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

    /// Connects, listens, and checks that the notifications of the store's database arrive.
    pub(super) fn listen(&self) -> Result<Listening, String> {
        let mut connection = connect(&self.url)?;
        let tables = find(&mut connection)?;
        for table in [tables.sessions, tables.users] {
            let listen = connection.batch_execute(&format!("LISTEN {}", table.channel()));
            listen.map_err(|error| reason(&error))?;
        }
        let began = clock::now().unwrap_or_default();
        let mut listening = Listening::new(connection, tables, began)?;
        self.probe(&mut listening)?;
        listening.ask()?;
        Ok(listening)
    }

    /// Sends a notification through the store's URL, and waits for it. It does not arrive if the listener reaches
    /// another server, or is behind a pooler that shares connections among clients.
    ///
    /// The listener sends no query meanwhile: such a pooler passes on notifications that arrive while a query runs, and
    /// drops all others.
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
            thread::sleep(PAUSE);
            if listening.has_received(&probe)? {
                return Ok(());
            }
        }
        Err("notifications do not arrive: set `session_cache.listen_url` to the primary server, without a pooler".to_owned())
    }
}

fn find(connection: &mut PgConnection) -> Result<Tables, String> {
    let tables = Tables::find(connection).map_err(|error| reason(&error))?;
    tables.ok_or_else(|| {
        "the tables of sessions and users cannot be watched: each must be one table, without parent or child tables, \
         or a view of one, and the role of the connection must see all rows of it"
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
pub(super) fn reason(error: &Error) -> String {
    DatabaseError::of(error).to_string()
}

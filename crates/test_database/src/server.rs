//! A server of one test.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use diesel::deserialize::QueryableByName;
use diesel::pg::PgConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, RunQueryDsl, sql_query};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use portcullis_cluster::{Cluster, Options, Programs, search_path};

use crate::error::{Error, required};
use crate::place;
use crate::shared::options;
use crate::watched::{Orders, WatchedFolder};

/// The application name of our own connections, which are not counted.
const APPLICATION: &str = "portcullis-test-database";

/// A private PostgreSQL server with the empty database `postgres`. It is stopped and deleted with the value.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    settings: Vec<String>,
    cluster: Option<Cluster>,
    url: String,
    watched: Option<WatchedFolder>,
    watchdog: Child,
}

impl Server {
    /// Creates and starts a server, which takes one or two seconds.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL. The message contains the command to install it.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Creates and starts a server with these settings in addition, as `name=value`.
    ///
    /// # Panics
    ///
    /// As [`Server::start`].
    #[must_use]
    pub fn start_with(settings: &[String]) -> Self {
        required(Self::try_start(settings))
    }

    /// Creates and starts a hot standby of this server, which must run with `max_wal_senders=4` or more.
    ///
    /// # Panics
    ///
    /// If it cannot be copied or does not start.
    #[must_use]
    pub fn standby(&self) -> Self {
        required(Self::try_start_with(&self.settings, self.cluster.as_ref()))
    }

    /// Returns a libpq connection string for the superuser. It stays the same after a restart.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url.replacen(":///postgres?", &format!(":///{database}?"), 1)
    }

    /// Suspends the server's processes: the server answers nothing, and its connections stay open.
    pub fn freeze(&self) {
        self.send(Signal::SIGSTOP);
    }

    /// Resumes the frozen server.
    pub fn thaw(&self) {
        self.send(Signal::SIGCONT);
    }

    /// Stops the server, even if it is frozen. All connections end.
    ///
    /// # Panics
    ///
    /// If it does not stop.
    pub fn stop(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            required(cluster.stop().map_err(Error::from));
        }
    }

    /// Restarts the server with the same data and address. If it runs, stops it first.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn restart(&mut self) {
        self.stop();
        if let Some(watched) = &self.watched {
            let started = Cluster::start(&self.programs, &with(&self.settings, watched.folder()));
            self.cluster = Some(required(started.map_err(Error::from)));
        }
    }

    /// Returns the number of connected clients, of all databases. The server must be running.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    #[must_use]
    pub fn backends(&self) -> usize {
        required(self.count_backends())
    }

    fn try_start(settings: &[String]) -> Result<Self, Error> {
        Self::try_start_with(settings, None)
    }

    fn try_start_with(settings: &[String], primary: Option<&Cluster>) -> Result<Self, Error> {
        let programs = Programs::find(search_path().as_deref())?;
        let prefix = format!("portcullis-alone-{}-", geteuid());
        let orders = Orders {
            patience: Duration::ZERO,
            leftover: None,
        };
        let (watched, watchdog) = WatchedFolder::make(&place::folder()?, &prefix, &orders)?;
        let options = with(settings, watched.folder());
        let cluster = match primary {
            Some(primary) => Cluster::start_standby(&programs, &options, primary)?,
            None => Cluster::start(&programs, &options)?,
        };
        Ok(Self {
            programs,
            settings: settings.to_vec(),
            url: cluster.url("postgres"),
            cluster: Some(cluster),
            watched: Some(watched),
            watchdog,
        })
    }

    fn count_backends(&self) -> Result<usize, Error> {
        let url = format!("{}&application_name={APPLICATION}", self.url);
        let mut connection = PgConnection::establish(&url)?;
        let counted: Count = sql_query(format!(
            "SELECT count(*) AS count FROM pg_stat_activity \
             WHERE backend_type = 'client backend' AND application_name <> '{APPLICATION}'"
        ))
        .get_result(&mut connection)?;
        Ok(usize::try_from(counted.count).unwrap_or_default())
    }

    /// Sends the signal to the postmaster first, so that it starts no new processes.
    fn send(&self, signal: Signal) {
        let processes = self.cluster.iter().flat_map(Cluster::processes);
        for process in processes.filter_map(|process| i32::try_from(process).ok()) {
            // Ignores processes that have ended.
            kill(Pid::from_raw(process), signal).ok();
        }
    }
}

fn with(settings: &[String], folder: &Path) -> Options {
    Options {
        settings: settings.to_vec(),
        ..options(folder)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If one of these fails, the watchdog stops and deletes the rest.
        drop(self.cluster.take());
        drop(self.watched.take());
        self.watchdog.wait().ok();
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

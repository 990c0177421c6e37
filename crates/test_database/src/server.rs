//! A server for one test.

use std::process::Child;
use std::time::Duration;

use diesel::deserialize::QueryableByName;
use diesel::pg::PgConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, RunQueryDsl, sql_query};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use portcullis_cluster::{Cluster, Programs, search_path, temporary_folder};

use crate::error::{Error, required};
use crate::shared::options;
use crate::watched::{Orders, Watched};

/// By what our own connections are known, and not counted.
const APPLICATION: &str = "portcullis-test-database";

/// A PostgreSQL of the test's own, with the empty database `postgres`; gone with the value.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    cluster: Option<Cluster>,
    url: String,
    watched: Option<Watched>,
    watchdog: Child,
}

impl Server {
    /// Makes and starts a server, which takes a second or two.
    ///
    /// # Panics
    ///
    /// Where there is no PostgreSQL; the message tells how to get one.
    #[must_use]
    pub fn start() -> Self {
        required(Self::try_start())
    }

    /// A connection string for libpq, of the superuser; the same after a restart.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url.replacen(":///postgres?", &format!(":///{database}?"), 1)
    }

    /// Stops the clock for the server: it answers nothing, and closes nothing.
    pub fn freeze(&self) {
        self.send(Signal::SIGSTOP);
    }

    /// Lets the frozen server go on.
    pub fn thaw(&self) {
        self.send(Signal::SIGCONT);
    }

    /// Stops the server, also a frozen one; all connections end.
    ///
    /// # Panics
    ///
    /// Where it does not stop.
    pub fn stop(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            required(cluster.stop().map_err(Error::from));
        }
    }

    /// Starts the server again, with the same data at the same address; first stops it if it runs.
    ///
    /// # Panics
    ///
    /// Where it does not come up.
    pub fn restart(&mut self) {
        self.stop();
        if let Some(watched) = &self.watched {
            let started = Cluster::start(&self.programs, &options(watched.folder()));
            self.cluster = Some(required(started.map_err(Error::from)));
        }
    }

    /// How many clients are connected now, to all databases. The server must run.
    ///
    /// # Panics
    ///
    /// Where the server does not answer.
    #[must_use]
    pub fn backends(&self) -> usize {
        required(self.count_backends())
    }

    fn try_start() -> Result<Self, Error> {
        let programs = Programs::find(search_path().as_deref())?;
        let prefix = format!("portcullis-alone-{}-", geteuid());
        let orders = Orders {
            patience: Duration::ZERO,
            leftover: None,
        };
        let (watched, watchdog) = Watched::make(&temporary_folder()?, &prefix, &orders)?;
        let cluster = Cluster::start(&programs, &options(watched.folder()))?;
        Ok(Self {
            programs,
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

    /// The first process gets it first, so that no new ones come meanwhile.
    fn send(&self, signal: Signal) {
        let processes = self.cluster.iter().flat_map(Cluster::processes);
        for process in processes.filter_map(|process| i32::try_from(process).ok()) {
            // One that has ended since is as good as one that has got it.
            kill(Pid::from_raw(process), signal).ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Each reports or survives its own failure, and the watchdog ends what is left.
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

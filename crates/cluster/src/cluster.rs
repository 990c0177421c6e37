//! A running cluster, used by this process and possibly by others.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Child;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::data_folder;
use crate::error::Error;
use crate::files::{lock_exclusive, lock_file};
use crate::paths::ClusterPaths;
use crate::postmaster::{self, ProcessFile};
use crate::processes;
use crate::programs::Programs;
use crate::system_user::{SystemUser, run};

/// How long a start or stop by another process may take.
const PATIENCE_WITH_OTHERS: Duration = Duration::from_mins(3);

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether data must survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// PostgreSQL's default durability.
    Durable,
    /// For tests: writes are not flushed to disk, and 300 connections are allowed.
    Ephemeral,
}

/// Options of a cluster.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that contains the cluster, in a subfolder named by the major version. If we are root, the user
    /// `postgres` (or else `nobody`) must be able to reach it; see [`private_folder`](crate::private_folder).
    pub folder: PathBuf,
    /// The database that a start creates if it does not exist.
    pub database: String,
    /// Whether data must survive a power cut.
    pub durability: Durability,
    /// Settings in addition to ours, as `name=value`.
    pub settings: Vec<String>,
}

/// A private server. It stops when this value is dropped, unless another process also uses it.
#[derive(Debug)]
pub struct Cluster {
    place: ClusterPaths,
    socket_folder: PathBuf,
    child: Option<Child>,
    /// Holds a shared lock while we use the server.
    in_use: Option<File>,
}

impl Cluster {
    /// Returns whether the folder of these options contains a cluster, of any major version.
    #[must_use]
    pub fn exists(options: &Options) -> bool {
        let versions = fs::read_dir(&options.folder).into_iter().flatten().flatten();
        versions
            .map(|version| version.path().join("data"))
            .any(|data| fs::exists(data).unwrap_or(false))
    }

    /// Creates the cluster if it does not exist, starts it if it does not run, and waits until it accepts connections.
    /// A cluster that is already running is adopted, whichever process started it.
    ///
    /// # Errors
    ///
    /// If a file or folder cannot be accessed, a PostgreSQL program fails, or the server does not start.
    pub fn start(programs: &Programs, options: &Options) -> Result<Self, Error> {
        let account = SystemUser::choose()?;
        let place = ClusterPaths::prepare(&options.folder, programs.major(), account)?;
        let change = lock_exclusive(&place.change_lock(), PATIENCE_WITH_OTHERS)?;
        data_folder::make(programs, account, &place, options.durability)?;
        let in_use = lock_file(&place.use_lock())?;
        in_use
            .lock_shared()
            .map_err(Error::file("lock", &place.use_lock()))?;

        let mut cluster = Self {
            socket_folder: place.socket_folder.clone(),
            place,
            child: None,
            in_use: Some(in_use),
        };
        let outcome = cluster.serve(programs, account, options);

        // Must happen before `cluster` can be dropped: its destructor takes the lock again.
        drop(change);
        outcome.map(|()| cluster)
    }

    /// Creates a hot standby of `primary` in the folder of these options if there is no cluster, and starts it. The primary's
    /// setting `max_wal_senders` must permit two connections.
    ///
    /// # Errors
    ///
    /// As [`Cluster::start`].
    pub fn start_standby(programs: &Programs, options: &Options, primary: &Self) -> Result<Self, Error> {
        let account = SystemUser::choose()?;
        let place = ClusterPaths::prepare(&options.folder, programs.major(), account)?;
        let change = lock_exclusive(&place.change_lock(), PATIENCE_WITH_OTHERS)?;
        data_folder::copy(programs, account, &place, &primary.socket_folder)?;
        drop(change);
        Self::start(programs, options)
    }

    /// Starts the server again if it has ended, and returns whether it had. The data folder must still exist.
    ///
    /// # Errors
    ///
    /// As [`Cluster::start`]; and if the data folder is gone.
    pub fn revive(&mut self, programs: &Programs, options: &Options) -> Result<bool, Error> {
        if self.is_running() {
            return Ok(false);
        }
        let data = self.place.data();
        fs::metadata(data.join("PG_VERSION")).map_err(Error::file("read the data folder", &data))?;
        // Clients have the URL with this folder.
        self.place.socket_folder.clone_from(&self.socket_folder);
        let _change = lock_exclusive(&self.place.change_lock(), PATIENCE_WITH_OTHERS)?;
        self.run(programs, SystemUser::choose()?, options)?;
        Ok(true)
    }

    /// Returns a libpq connection string for the database of this name, as the superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres:///{}?host={}&port=5432&user=postgres",
            utf8_percent_encode(database, ESCAPED),
            utf8_percent_encode(&self.socket_folder.to_string_lossy(), ESCAPED),
        )
    }

    /// Returns the server's processes: the postmaster first, the others in no particular order.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        let first = ProcessFile::read(&self.place.process_file()).map(|file| file.process);
        let mut processes = processes::from_name(&self.place.name);
        processes.sort_by_key(|process| Some(*process) != first);
        processes
    }

    /// Stops the server, unless another process also uses it.
    ///
    /// # Errors
    ///
    /// If the server does not stop, or its folder cannot be locked.
    pub fn stop(mut self) -> Result<(), Error> {
        self.release()
    }

    /// Runs the server and creates the database. Starts the server again if the one that was adopted has ended meanwhile.
    fn serve(&mut self, programs: &Programs, account: SystemUser, options: &Options) -> Result<(), Error> {
        self.run(programs, account, options)?;
        let outcome = self.make_database(programs, account, &options.database);
        if outcome.is_err() && self.child.is_none() && !postmaster::runs(&self.place) {
            // A server that was killed a moment ago is still in the list of processes, so it was adopted.
            self.run(programs, account, options)?;
            return self.make_database(programs, account, &options.database);
        }
        outcome
    }

    fn run(&mut self, programs: &Programs, account: SystemUser, options: &Options) -> Result<(), Error> {
        if self.adopt() {
            return Ok(());
        }
        let (child, socket_folder) = postmaster::start(programs, account, &self.place, options)?;
        self.child = Some(child);
        self.socket_folder = socket_folder;
        tracing::info!(folder = %self.place.home.display(), "started the private PostgreSQL");
        Ok(())
    }

    fn is_running(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => postmaster::runs(&self.place),
        }
    }

    /// Uses the running server if there is one and its socket exists.
    fn adopt(&mut self) -> bool {
        let place = &self.place;
        if !postmaster::runs(place) {
            return false;
        }
        let Ok(socket_folder) = postmaster::wait_until_ready(place, || !postmaster::runs(place)) else {
            return false;
        };
        self.socket_folder = socket_folder;
        self.child = None;
        tracing::info!(folder = %place.home.display(), "the private PostgreSQL is already running");
        true
    }

    fn make_database(&self, programs: &Programs, account: SystemUser, name: &str) -> Result<(), Error> {
        let mut command = account.command(&programs.path("createdb"));
        command
            .arg("--host")
            .arg(&self.socket_folder)
            .args(["--port=5432", "--username=postgres", "--maintenance-db=postgres"])
            .args(["--template=template0", "--", name]);
        match run(&mut command) {
            Err(Error::Program { output, .. }) if output.contains("already exists") => Ok(()),
            // A standby has the databases of its primary.
            Err(Error::Program { output, .. }) if output.contains("read-only transaction") => Ok(()),
            outcome => outcome,
        }
    }

    fn release(&mut self) -> Result<(), Error> {
        let Some(in_use) = self.in_use.take() else {
            return Ok(());
        };
        let _change = lock_exclusive(&self.place.change_lock(), PATIENCE_WITH_OTHERS)?;
        let path = self.place.use_lock();
        // Closing the file is not enough: between fork and exec, a child process of another thread has it open as well.
        in_use.unlock().map_err(Error::file("unlock", &path))?;
        drop(in_use);

        match lock_exclusive(&path, Duration::ZERO) {
            Ok(_exclusive) => self.stop_server(),
            Err(Error::Locked(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn stop_server(&mut self) -> Result<(), Error> {
        postmaster::stop(&self.place, self.child.as_mut())?;
        if !self.socket_folder.starts_with(&self.place.home) {
            // It is in the system's temporary folder. If it cannot be removed, the next start uses it.
            fs::remove_dir(&self.socket_folder).ok();
        }
        tracing::info!(folder = %self.place.home.display(), "stopped the private PostgreSQL");
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.release() {
            tracing::warn!(%error, "could not stop the private PostgreSQL");
        }
    }
}

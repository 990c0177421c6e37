//! Errors of this crate.

use std::io;
use std::path::{Path, PathBuf};

/// Why a cluster could not be found, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No folder that was searched contains PostgreSQL's programs.
    #[error("found no PostgreSQL server on this machine; to install it: {install}")]
    NotInstalled {
        /// The command that installs it on this system.
        install: String,
    },
    /// PostgreSQL refuses to run as root, and there is no other user for it.
    #[error("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")]
    NoUser(#[source] Option<nix::Error>),
    /// A file or folder could not be read, created or changed.
    #[error("could not {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A folder that must be private can be entered by other users.
    #[error("the folder {} does not belong only to the user that runs PostgreSQL: delete it, and the next start creates it", .0.display())]
    NotPrivate(PathBuf),
    /// Another process has been starting or stopping the same cluster for too long.
    #[error("another process has held the lock {} for too long: wait until it has ended, or stop it", .0.display())]
    Locked(PathBuf),
    /// A program could not be started.
    #[error("could not run {}", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{} failed: {output}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// Its standard error.
        output: String,
    },
    /// The server ended, or did not accept connections in time.
    #[error("PostgreSQL did not start: {log}")]
    NotStarted {
        /// The end of its log.
        log: String,
    },
    /// The server is still running after every stop signal.
    #[error("could not stop PostgreSQL in {}", .0.display())]
    NotStopped(PathBuf),
}

impl Error {
    /// Returns a function for `map_err` that adds the attempted action and the path to an error of the file system.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }

    /// Returns a function for `map_err` that adds the program to an error of its start.
    pub(crate) fn run(program: &Path) -> impl FnOnce(io::Error) -> Self {
        let program = program.to_owned();
        move |source| Self::Run { program, source }
    }
}

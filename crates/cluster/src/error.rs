//! What may go wrong.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// PostgreSQL's programs are in none of the places where they could be.
    #[error("found no PostgreSQL server on this machine; to install it: {install}")]
    NotInstalled {
        /// What to type on this system.
        install: String,
    },
    /// PostgreSQL refuses to run as root, and there is nobody else.
    #[error("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")]
    NoUser(#[source] Option<nix::Error>),
    /// A file or folder could not be read, made or changed.
    #[error("could not {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder that ours alone should be can be entered by others.
    #[error("the folder {} is not private to the user that runs PostgreSQL", .0.display())]
    NotPrivate(PathBuf),
    /// Another process starts or stops the same cluster, and does not come to an end.
    #[error("another process has held {} for too long", .0.display())]
    Locked(PathBuf),
    /// A program could not be started.
    #[error("could not run {}", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{} failed: {output}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// What it said.
        output: String,
    },
    /// The server ended, or never came so far as to accept connections.
    #[error("PostgreSQL did not start: {log}")]
    NotStarted {
        /// The end of its log.
        log: String,
    },
    /// The server is there after every signal to stop.
    #[error("PostgreSQL in {} does not stop", .0.display())]
    NotStopped(PathBuf),
}

impl Error {
    /// For `map_err` on what the file system refuses.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }

    /// For `map_err` where a program does not start.
    pub(crate) fn run(program: &Path) -> impl FnOnce(io::Error) -> Self {
        let program = program.to_owned();
        move |source| Self::Run { program, source }
    }
}

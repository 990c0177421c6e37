//! Errors of this crate.

use std::error::Error as StdError;
use std::fmt::Write;
use std::io;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Cluster(#[from] portcullis_cluster::Error),
    #[error("could not create a folder for the server")]
    Folder(#[from] io::Error),
    #[error("could not connect to the server")]
    Connection(#[from] diesel::ConnectionError),
    #[error("the server rejected a statement")]
    Statement(#[from] diesel::result::Error),
    #[error("TEST_DATABASE_URL is not a URL such as postgres://user:password@host/postgres")]
    Url(#[from] url::ParseError),
    #[error("could not apply the migrations")]
    Migrations(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Returns the error and its sources in one line.
    pub(crate) fn chain(&self) -> String {
        let mut chain = format!("could not prepare a test database: {self}");
        let mut source = self.source();
        while let Some(error) = source {
            write!(chain, ": {error}").ok();
            source = error.source();
        }
        chain
    }
}

/// Returns the value, or fails the test.
pub(crate) fn required<T>(outcome: Result<T, Error>) -> T {
    outcome.unwrap_or_else(|error| fail(&error.chain()))
}

#[expect(
    clippy::panic,
    reason = "a test that cannot set up its fixtures fails with the reason"
)]
pub(crate) fn fail(chain: &str) -> ! {
    panic!("{chain}")
}

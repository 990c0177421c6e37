//! Why a command failed.

use std::{error, io, iter::successors, path::PathBuf};

use portcullis_application::ports::Failure;
use portcullis_persistence::DatabaseUrlError;

use crate::{config::Problems, delivery::DeliveryError, features::UsersError, schema::SchemaError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Configuration(#[from] Problems),
    #[error("{} cannot be {action}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} is empty: delete it, and the next start creates a new secret", .0.display())]
    EmptySecret(PathBuf),
    #[error("cannot use the private PostgreSQL for development (set DATABASE_URL to use another database)")]
    Cluster(#[from] portcullis_cluster::Error),
    #[error("the database URL is invalid")]
    DatabaseUrl(#[from] DatabaseUrlError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("cannot listen on {}; {}", .0, way_out(.0.kind()))]
    Bind(io::Error),
    #[error("found no psql on this machine: install the client programs of PostgreSQL")]
    NoPsql,
    #[error("could not run psql")]
    Psql(#[source] io::Error),
    #[error("a change of `{0}` takes effect only after a restart")]
    NeedsRestart(&'static str),
    #[error("JWTs are disabled: set `plugins.jwt.enabled = true`")]
    NoJwt,
    #[error("could not read the signing keys of JWTs")]
    ReadKeys(#[source] Failure),
    #[error("could not read the clock of the database")]
    ReadClock(#[source] Failure),
    #[error("could not create a new signing key")]
    Rotate(#[source] Failure),
    #[error("`--mail-to` must be an e-mail address")]
    MailTo,
    #[error("this transport sends no messages: `delivery.transport` must be \"smtp\" or \"webhook\"")]
    NoTransport,
    #[error("this transport sends no messages to phones: set `delivery.webhook.url`")]
    NoTransportToPhones,
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    #[error("could not read the standard input")]
    Input(#[source] io::Error),
    #[error("could not write to the standard output")]
    Output(#[source] io::Error),
    #[error("could not set up the client of the providers in `social_providers` and `plugins.generic_oauth`")]
    Providers(#[source] Failure),
    #[error(transparent)]
    Users(#[from] UsersError),
    #[error("the server failed")]
    Run(#[source] io::Error),
}

impl Error {
    /// Returns a function for `map_err` on errors of the file system.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }

    /// Returns the error and its chain of sources in one line.
    pub(crate) fn with_sources(&self) -> String {
        chain(self)
    }
}

/// Returns what to do if the server cannot listen on an address.
const fn way_out(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AddrInUse => {
            "stop the program that uses it, or choose another port with `--port N` (key `port` or `bind`)"
        }
        io::ErrorKind::PermissionDenied => {
            "choose a port above 1023 with `--port N` (key `port` or `bind`), or allow this program to use it"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address: choose another with `--bind ADDRESS` (key `bind`)"
        }
        _ => "choose another address with `--bind ADDRESS` (key `bind`)",
    }
}

/// Returns an error and its chain of sources in one line, without each [`Failure`]: its source says what has failed.
pub(crate) fn chain(error: &(dyn error::Error + 'static)) -> String {
    let errors = successors(Some(error), |error| (**error).source());
    let errors = errors.filter(|error| !error.is::<Failure>());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

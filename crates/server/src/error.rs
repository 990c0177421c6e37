//! Why a command failed.

use std::{error, io, path::PathBuf};

use portcullis_application::ports::Failure;
use portcullis_persistence::DatabaseUrlError;

use crate::{config::Problems, delivery::DeliveryError, schema::SchemaError};

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
    #[error("{} holds no secret: delete it, and the next start makes a new one", .0.display())]
    EmptySecret(PathBuf),
    #[error("the private PostgreSQL for development cannot be used; DATABASE_URL names another database")]
    Cluster(#[from] portcullis_cluster::Error),
    #[error("the database's address cannot be used")]
    DatabaseUrl(#[from] DatabaseUrlError),
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("cannot listen at every address of `bind`")]
    Bind(#[source] io::Error),
    #[error("there are no JWTs here: `plugins.jwt` is off")]
    NoJwt,
    #[error("no new key was made")]
    Rotate(#[source] Failure),
    #[error("`--mail-to` must be an e-mail address")]
    MailTo,
    #[error("nothing can be sent by this transport: `delivery.transport` must be \"smtp\" or \"webhook\"")]
    NoWay,
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    #[error("the server ended too early")]
    Run(#[source] io::Error),
}

impl Error {
    /// For `map_err` on what the file system refuses.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }

    /// The error and everything that led to it, in one line.
    pub(crate) fn with_sources(&self) -> String {
        chain(self)
    }
}

/// An error and everything that led to it, in one line.
pub(crate) fn chain(error: &dyn error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

//! What the program stands on: a database and a secret, given or made.

use portcullis_cluster::Cluster;
use portcullis_crypto::Secrets;
use portcullis_persistence::DatabaseUrl;

use crate::{config::Config, development, error::Error};

/// Where the database is, and the private PostgreSQL behind it where it is ours.
pub(crate) struct Foundation {
    pub(crate) url: DatabaseUrl,
    cluster: Option<Cluster>,
}

impl Foundation {
    /// The database that is given; else, in development, the private one, which is running then.
    pub(crate) fn lay(config: &Config) -> Result<Self, Error> {
        if let Some(url) = &config.database.url {
            return Ok(Self {
                url: url.clone(),
                cluster: None,
            });
        }
        let cluster = development::database(&config.directory)?;
        Ok(Self {
            url: DatabaseUrl::parse(&cluster.url(development::DATABASE))?,
            cluster: Some(cluster),
        })
    }

    /// Whether it is our own private PostgreSQL.
    pub(crate) const fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// Stops the private PostgreSQL, if there is one that nobody else uses.
    pub(crate) fn stop(self) -> Result<(), Error> {
        Ok(self.cluster.map_or(Ok(()), Cluster::stop)?)
    }
}

/// The secrets that are given; else, in development, the project's own.
pub(crate) fn secrets(config: &Config) -> Result<Secrets, Error> {
    match &config.secrets {
        Some(secrets) => Ok(secrets.clone()),
        None => Ok(Secrets::new(development::secret(&config.directory)?, Vec::new())),
    }
}

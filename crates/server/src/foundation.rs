//! The database and the secret that the program uses, configured or created.

use portcullis_cluster::Cluster;
use portcullis_crypto::Secrets;
use portcullis_persistence::DatabaseUrl;

use crate::{config::Config, development, error::Error};

/// The database's URL, and the private PostgreSQL if the program runs it.
pub(crate) struct Foundation {
    pub(crate) url: DatabaseUrl,
    cluster: Option<Cluster>,
}

impl Foundation {
    /// Returns the configured database. If none is configured, in development, starts the private one.
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

    /// Whether the database is the private PostgreSQL.
    pub(crate) const fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// Stops the private PostgreSQL, if there is one, unless another process uses it.
    pub(crate) fn stop(self) -> Result<(), Error> {
        Ok(self.cluster.map_or(Ok(()), Cluster::stop)?)
    }
}

/// Returns the configured secrets. If none are configured, in development, returns the project's own secret.
pub(crate) fn secrets(config: &Config) -> Result<Secrets, Error> {
    match &config.secrets {
        Some(secrets) => Ok(secrets.clone()),
        None => Ok(Secrets::new(development::secret(&config.directory)?, Vec::new())),
    }
}

//! The database and the secret that the program uses, configured or created.

use portcullis_crypto::Secrets;
use portcullis_persistence::DatabaseUrl;

use crate::{chore::Chore, config::Config, development, error::Error, private_database::PrivateDatabase};

/// The database's URL, and the private PostgreSQL if the program runs it.
pub(crate) struct Foundation {
    pub(crate) url: DatabaseUrl,
    private: Option<PrivateDatabase>,
}

impl Foundation {
    /// Returns the configured database. If none is configured, in development, starts the private one.
    pub(crate) fn prepare(config: &Config) -> Result<Self, Error> {
        if let Some(url) = &config.database.url {
            return Ok(Self {
                url: url.clone(),
                private: None,
            });
        }
        let private = development::database(&config.directory)?;
        Ok(Self {
            url: private.url()?,
            private: Some(private),
        })
    }

    /// Whether the database is the private PostgreSQL.
    pub(crate) const fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Returns the work that keeps the private PostgreSQL running, if there is one.
    pub(crate) fn chore(&self) -> Option<Chore> {
        self.private.as_ref().map(PrivateDatabase::chore)
    }

    /// Stops the private PostgreSQL, if there is one, unless another process uses it.
    pub(crate) fn stop(self) -> Result<(), Error> {
        self.private.map_or(Ok(()), PrivateDatabase::stop)
    }
}

/// Returns the configured secrets. If none are configured, in development, returns the project's own secret.
pub(crate) fn secrets(config: &Config) -> Result<Secrets, Error> {
    match &config.secrets {
        Some(secrets) => Ok(secrets.clone()),
        None => Ok(Secrets::new(development::secret(&config.directory)?, Vec::new())),
    }
}

//! The private PostgreSQL of development mode, which is started again if it ends.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use portcullis_application::ports::Failure;
use portcullis_cluster::{Cluster, Options, Programs, search_path};
use portcullis_persistence::DatabaseUrl;
use tokio::task::spawn_blocking;

use crate::{
    chore::{Chore, Work},
    error::Error,
};

/// How often the server checks whether the private PostgreSQL still runs.
const PAUSE: Duration = Duration::from_secs(1);

/// The private PostgreSQL. It stops when the last value is dropped, unless another process uses it.
#[derive(Clone)]
pub(crate) struct PrivateDatabase(Arc<Shared>);

struct Shared {
    programs: Programs,
    options: Options,
    /// `None`: it was stopped.
    cluster: Mutex<Option<Cluster>>,
    url: String,
}

impl PrivateDatabase {
    /// Creates the cluster if it does not exist, and starts it if it does not run.
    pub(crate) fn start(options: Options) -> Result<Self, Error> {
        let programs = Programs::find(search_path().as_deref())?;
        let cluster = Cluster::start(&programs, &options)?;
        Ok(Self(Arc::new(Shared {
            url: cluster.url(&options.database),
            programs,
            options,
            cluster: Mutex::new(Some(cluster)),
        })))
    }

    /// Returns the URL of the database.
    pub(crate) fn url(&self) -> Result<DatabaseUrl, Error> {
        Ok(DatabaseUrl::parse(&self.0.url)?)
    }

    /// Returns the work that starts the database again if it ends.
    pub(crate) fn chore(&self) -> Chore {
        Chore {
            name: "keep the private PostgreSQL running",
            every: PAUSE,
            work: Arc::new(self.clone()),
        }
    }

    /// Stops the database, unless another process uses it.
    pub(crate) fn stop(self) -> Result<(), Error> {
        let cluster = self
            .0
            .cluster
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        Ok(cluster.map_or(Ok(()), Cluster::stop)?)
    }
}

impl Shared {
    fn revive(&self) -> Result<(), portcullis_cluster::Error> {
        let mut cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cluster) = cluster.as_mut() else {
            return Ok(());
        };
        if cluster.revive(&self.programs, &self.options)? {
            tracing::warn!("the private PostgreSQL had ended and was started again");
        }
        Ok(())
    }
}

#[async_trait]
impl Work for PrivateDatabase {
    #[expect(
        clippy::disallowed_methods,
        reason = "one run at a time, and only in development"
    )]
    async fn run(&self) -> Result<(), Failure> {
        let shared = Arc::clone(&self.0);
        let revived = spawn_blocking(move || shared.revive()).await;
        revived.map_err(Failure::new)?.map_err(Failure::unavailable)
    }
}

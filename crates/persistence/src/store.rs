//! The store.

use std::sync::Arc;

use async_trait::async_trait;
use diesel::r2d2::R2D2Connection;
use portcullis_application::ports::{Failure, Repositories, Store, UnitOfWork};

use crate::{
    database_url::DatabaseUrl,
    pool::{Pool, PoolOptions},
    unit_of_work::PgUnitOfWork,
};

/// A PostgreSQL database; cheap to clone.
#[derive(Clone)]
pub struct PgStore {
    pool: Arc<Pool>,
}

impl PgStore {
    /// The store in this database. Whether the database is there shows later, at each operation; meanwhile
    /// connections are made in the background.
    #[must_use]
    pub fn connect(url: &DatabaseUrl, options: PoolOptions) -> Self {
        Self {
            pool: Arc::new(Pool::new(url.clone(), options)),
        }
    }
}

#[async_trait]
impl Store for PgStore {
    fn read(&self) -> Box<dyn Repositories> {
        Box::new(PgUnitOfWork::autocommit(Arc::clone(&self.pool)))
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        Box::new(PgUnitOfWork::transaction(Arc::clone(&self.pool)))
    }

    async fn ping(&self) -> Result<(), Failure> {
        PgUnitOfWork::autocommit(Arc::clone(&self.pool))
            .run("ping", R2D2Connection::ping)
            .await
    }
}

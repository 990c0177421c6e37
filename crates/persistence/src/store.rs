//! The PostgreSQL implementation of the storage port.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    RunQueryDsl,
    dsl::sql,
    select,
    sql_types::{Bool, Timestamptz},
};
use portcullis_application::ports::{Failure, Repositories, Store, StoreState, UnitOfWork};

use crate::{
    additional::DeclaredFields,
    database_url::DatabaseUrl,
    facts::SchemaFacts,
    pool::{Pool, PoolOptions},
    session::SessionLookups,
    session_cache::{self, SessionCache, SessionCacheOptions},
    standby::StandbyOptions,
    unit_of_work::PgUnitOfWork,
};

/// Options of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreOptions {
    /// Size and time limits of the connection pool.
    pub pool: PoolOptions,
    /// Whether a Node server on the same database must be able to read our rows: `compatibility.shared_database`.
    pub shared_database: bool,
    /// The additional fields of users and sessions; their columns must exist.
    pub fields: DeclaredFields,
    /// What is known about the schema.
    pub facts: SchemaFacts,
    /// The standby that answers session checks. `None`: the primary answers them.
    pub standby: Option<StandbyOptions>,
    /// The session cache. `None`: every session check reads the database.
    pub session_cache: Option<SessionCacheOptions>,
}

/// A store in a PostgreSQL database. Cheap to clone.
#[derive(Clone)]
pub struct PgStore {
    pool: Arc<Pool>,
    options: Arc<StoreOptions>,
    lookups: Arc<SessionLookups>,
    session_cache: Option<Arc<SessionCache>>,
}

impl PgStore {
    /// Returns a store in this database. It does not wait for a connection: connections are made in the background, and
    /// an operation fails if the database is unreachable.
    #[must_use]
    pub fn connect(url: &DatabaseUrl, options: StoreOptions) -> Self {
        let pool = Arc::new(Pool::new(url.clone(), options.pool));
        let cache = options.session_cache.as_ref();
        Self {
            session_cache: cache.map(|options| session_cache::start(url, options)),
            lookups: Arc::new(SessionLookups::connect(url, &pool, &options)),
            pool,
            options: Arc::new(options),
        }
    }

    fn autocommit(&self) -> PgUnitOfWork {
        let mut unit = PgUnitOfWork::autocommit(Arc::clone(&self.pool), Arc::clone(&self.options));
        unit.share(&self.lookups);
        unit.keep_current(self.session_cache.as_ref());
        unit
    }
}

#[async_trait]
impl Store for PgStore {
    fn autocommit(&self) -> Box<dyn Repositories> {
        Box::new(self.autocommit())
    }

    fn begin(&self) -> Box<dyn UnitOfWork> {
        let mut unit = PgUnitOfWork::transaction(Arc::clone(&self.pool), Arc::clone(&self.options));
        unit.share(&self.lookups);
        unit.keep_current(self.session_cache.as_ref());
        Box::new(unit)
    }

    async fn state(&self) -> Result<StoreState, Failure> {
        let mut autocommit = self.autocommit();
        let state = autocommit.run("database.state", |connection| {
            select((
                sql::<Timestamptz>("clock_timestamp()"),
                sql::<Bool>("current_setting('transaction_read_only')::boolean"),
            ))
            .get_result::<(DateTime<Utc>, bool)>(connection)
        });
        let (time, is_read_only) = state.await?;
        if is_read_only {
            // A new connection may reach a server that accepts writes.
            self.pool.note_read_only();
        }
        Ok(StoreState { time, is_read_only })
    }
}

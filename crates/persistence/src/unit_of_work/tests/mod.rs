//! Tests of the unit of work against PostgreSQL.

use std::{error::Error as _, fmt::Write as _, fs, path::Path, sync::Arc, time::Duration};

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl,
    connection::SimpleConnection,
    dsl::sql,
    select, sql_query,
    sql_types::{BigInt, Integer},
};
use portcullis_application::ports::Failure;
use portcullis_test_database::TestDatabase;

use super::PgUnitOfWork;
use crate::{
    DatabaseUrl, DeclaredFields, PoolOptions, StoreOptions,
    migrations::{self, adoption::Names},
    pool::Pool,
};

mod adopted;
mod cost;
mod failures;
mod outcomes;
pub(crate) mod plans;
mod schema;

/// Options with which operations on a busy machine do not fail.
fn patient() -> PoolOptions {
    PoolOptions {
        acquire: Duration::from_mins(1),
        operation: Duration::from_mins(1),
        ..PoolOptions::default()
    }
}

/// A database and a connection pool to it.
pub(crate) struct Fixture {
    pool: Arc<Pool>,
    options: Arc<StoreOptions>,
    database: TestDatabase,
}

impl Fixture {
    pub(crate) fn with_pool_of(size: u32) -> Self {
        Self::with(PoolOptions { size, ..patient() })
    }

    fn with(options: PoolOptions) -> Self {
        let database = TestDatabase::new();
        let url = DatabaseUrl::parse(database.url()).unwrap();
        Self {
            pool: Arc::new(Pool::new(url, options)),
            options: Arc::default(),
            database,
        }
    }

    /// A database of this kind, which the server has adopted.
    fn adopted(kind: &str) -> Self {
        Self::adopted_with(kind, "", DeclaredFields::default())
    }

    /// A database of this kind with additional tables, which the server has adopted with these fields.
    pub(crate) fn adopted_with(kind: &str, additional: &str, fields: DeclaredFields) -> Self {
        let database = TestDatabase::empty();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/adopt/databases");
        let tables = fs::read_to_string(folder.join(format!("{kind}.sql"))).unwrap();
        let mut connection = PgConnection::establish(database.url()).unwrap();
        connection
            .batch_execute(&format!("{tables}\n{additional}"))
            .unwrap();
        let url = DatabaseUrl::parse(database.url()).unwrap();
        migrations::adoption::adopt(&url, &fields, &Names::new()).unwrap();
        let options = PoolOptions { size: 1, ..patient() };
        Self {
            pool: Arc::new(Pool::new(url, options)),
            options: Arc::new(StoreOptions {
                fields,
                ..StoreOptions::default()
            }),
            database,
        }
    }

    /// The same database, with the declared columns.
    pub(crate) fn declaring(self, fields: DeclaredFields) -> Self {
        let url = DatabaseUrl::parse(self.database.url()).unwrap();
        migrations::migrate(&url, &fields).unwrap();
        Self {
            options: Arc::new(StoreOptions {
                fields,
                ..StoreOptions::default()
            }),
            ..self
        }
    }

    /// The same database, with a URL that says it is behind a pooler.
    fn behind_a_pooler(self) -> Self {
        let url = format!("{}&pgbouncer=true&connection_limit=1", self.database.url());
        let url = DatabaseUrl::parse(&url).unwrap();
        Self {
            pool: Arc::new(Pool::new(url, patient())),
            ..self
        }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(self.database.url()).unwrap()
    }

    pub(crate) fn read(&self) -> PgUnitOfWork {
        PgUnitOfWork::autocommit(Arc::clone(&self.pool), Arc::clone(&self.options))
    }

    fn begin(&self) -> PgUnitOfWork {
        PgUnitOfWork::transaction(Arc::clone(&self.pool), Arc::clone(&self.options))
    }

    /// Returns a connection outside of the pool.
    pub(crate) fn beside(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    fn count(&self, query: &str) -> i64 {
        select(sql::<BigInt>(query))
            .get_result(&mut self.beside())
            .unwrap()
    }

    fn users(&self) -> i64 {
        self.count("(SELECT count(*) FROM \"user\")")
    }

    /// Terminates every connection of the pool, as an administrator can. Returns their number.
    fn terminate_all(&self) -> i64 {
        self.count(
            "count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'portcullis'",
        )
    }
}

fn insert(id: &'static str) -> impl Fn(&mut PgConnection) -> QueryResult<usize> + Send + 'static {
    move |connection| {
        sql_query(format!(
            "INSERT INTO \"user\" (id, name, email, \"emailVerified\") VALUES ('{id}', '', '{id}', false)"
        ))
        .execute(connection)
    }
}

fn backend(connection: &mut PgConnection) -> QueryResult<i32> {
    select(sql::<Integer>("pg_backend_pid()")).get_result(connection)
}

/// Sleeps until the statement is cancelled.
fn sleep(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute("SELECT pg_sleep(600)")
}

fn messages(failure: &Failure) -> String {
    let mut messages = format!("{failure} {failure:?}");
    let mut source = failure.source();
    while let Some(error) = source {
        write!(messages, ": {error}").unwrap();
        source = error.source();
    }
    messages
}

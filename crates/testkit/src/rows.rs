//! Direct access to a test's database.

use chrono::{DateTime, Utc};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
};

use portcullis_test_database::TestDatabase;

use crate::TestServer;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    shown: Option<String>,
}

/// A transaction that stays open and keeps its locks until the value is dropped.
pub struct OpenTransaction(PgConnection);

impl OpenTransaction {
    /// Commits the transaction.
    ///
    /// # Panics
    ///
    /// If it cannot be committed.
    #[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
    pub fn commit(mut self) {
        self.0
            .batch_execute("commit")
            .expect("the transaction is committed");
    }
}

impl Drop for OpenTransaction {
    /// Waits until the locks are released. After the end of a connection, PostgreSQL releases them some time later.
    fn drop(&mut self) {
        let _ended_with_the_connection = self.0.batch_execute("rollback");
    }
}

/// Returns how many rows the `select` statement finds.
///
/// # Panics
///
/// If the statement fails.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a test that cannot read the database has failed"
)]
pub fn rows(database: &TestDatabase, select: &str) -> i64 {
    sql_query(format!("select count(*) as rows from ({select}) as found"))
        .get_result::<Counted>(&mut connect(database))
        .expect("the statement succeeds")
        .rows
}

/// Returns the value of an SQL expression as text, or `None` if it is null.
///
/// # Panics
///
/// If the expression fails.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a test that cannot read the database has failed"
)]
pub fn shown(database: &TestDatabase, expression: &str) -> Option<String> {
    sql_query(format!("select ({expression})::text as shown"))
        .get_result::<Shown>(&mut connect(database))
        .expect("the expression is valid")
        .shown
}

/// Returns the database's current time.
///
/// # Panics
///
/// If the database does not answer.
#[expect(
    clippy::expect_used,
    reason = "a test that cannot read the database has failed"
)]
pub(crate) fn time(database: &TestDatabase) -> DateTime<Utc> {
    let text = shown(
        database,
        "floor(extract(epoch from clock_timestamp()) * 1000)::bigint",
    );
    let milliseconds = text.and_then(|text| text.parse().ok());
    milliseconds
        .and_then(DateTime::from_timestamp_millis)
        .expect("the database returns its time")
}

/// Runs a statement, such as one that locks rows, in a transaction that stays open until the returned value is
/// dropped.
///
/// # Panics
///
/// If the statement fails.
#[must_use]
#[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
pub fn open_transaction(database: &TestDatabase, statement: &str) -> OpenTransaction {
    let mut connection = connect(database);
    connection
        .batch_execute(&format!("begin; {statement}"))
        .expect("the statement succeeds");
    OpenTransaction(connection)
}

impl TestServer {
    /// [`rows`] in the server's database.
    #[must_use]
    pub fn rows(&self, select: &str) -> i64 {
        rows(&self.database, select)
    }

    /// [`shown`] in the server's database.
    #[must_use]
    pub fn shown(&self, expression: &str) -> Option<String> {
        shown(&self.database, expression)
    }

    /// [`open_transaction`] in the server's database.
    #[must_use]
    pub fn open_transaction(&self, statement: &str) -> OpenTransaction {
        open_transaction(&self.database, statement)
    }

    /// Makes new connections to the database read-only, and closes the open ones.
    ///
    /// # Panics
    ///
    /// If the database does not answer.
    pub fn make_database_read_only(&self) {
        self.execute(
            "do $$ begin execute format('alter database %I set default_transaction_read_only = on', \
             current_database()); end $$",
        );
        self.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    }

    /// Executes a statement on the server's database.
    ///
    /// # Panics
    ///
    /// If the statement fails.
    #[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
    pub fn execute(&self, statement: &str) {
        connect(&self.database)
            .batch_execute(statement)
            .expect("the statement succeeds");
    }
}

#[expect(clippy::expect_used, reason = "a test whose setup fails has failed")]
fn connect(database: &TestDatabase) -> PgConnection {
    PgConnection::establish(database.url()).expect("the test's database accepts connections")
}

//! A look into the database, past the server.

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

/// A transaction that stays open, with all that it has locked, until the value goes.
pub struct Held(PgConnection);

impl Held {
    /// Commits the transaction.
    ///
    /// # Panics
    ///
    /// If it cannot be committed.
    #[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
    pub fn commit(mut self) {
        self.0
            .batch_execute("commit")
            .expect("the transaction is committed");
    }
}

/// How many rows a statement finds in a database.
///
/// # Panics
///
/// Where the statement fails.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot look has failed")]
pub fn rows(database: &TestDatabase, select: &str) -> i64 {
    sql_query(format!("select count(*) as rows from ({select}) as found"))
        .get_result::<Counted>(&mut connect(database))
        .expect("the statement is right")
        .rows
}

/// What an expression of SQL is in a database, as a text; none where it is null.
///
/// # Panics
///
/// Where the expression is wrong.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot look has failed")]
pub fn shown(database: &TestDatabase, expression: &str) -> Option<String> {
    sql_query(format!("select ({expression})::text as shown"))
        .get_result::<Shown>(&mut connect(database))
        .expect("the expression is right")
        .shown
}

/// The database's own time.
///
/// # Panics
///
/// If the database does not answer.
#[expect(clippy::expect_used, reason = "a test that cannot look has failed")]
pub(crate) fn time(database: &TestDatabase) -> DateTime<Utc> {
    let text = shown(
        database,
        "floor(extract(epoch from clock_timestamp()) * 1000)::bigint",
    );
    let milliseconds = text.and_then(|text| text.parse().ok());
    milliseconds
        .and_then(DateTime::from_timestamp_millis)
        .expect("the database has a clock")
}

/// Runs a statement, such as one that locks, in a transaction that ends with the value.
///
/// # Panics
///
/// Where the statement fails.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
pub fn hold(database: &TestDatabase, statement: &str) -> Held {
    let mut connection = connect(database);
    connection
        .batch_execute(&format!("begin; {statement}"))
        .expect("the statement is right");
    Held(connection)
}

impl TestServer {
    /// [`rows`] of the server's database.
    #[must_use]
    pub fn rows(&self, select: &str) -> i64 {
        rows(&self.database, select)
    }

    /// [`shown`] of the server's database.
    #[must_use]
    pub fn shown(&self, expression: &str) -> Option<String> {
        shown(&self.database, expression)
    }

    /// [`hold`] of the server's database.
    #[must_use]
    pub fn hold(&self, statement: &str) -> Held {
        hold(&self.database, statement)
    }

    /// Has the database accept no writes on new connections, and ends those that are open.
    ///
    /// # Panics
    ///
    /// If the database does not answer.
    pub fn turn_read_only(&self) {
        self.execute(
            "do $$ begin execute format('alter database %I set default_transaction_read_only = on', \
             current_database()); end $$",
        );
        self.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    }

    /// Changes the database.
    ///
    /// # Panics
    ///
    /// Where the statement fails.
    #[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
    pub fn execute(&self, statement: &str) {
        connect(&self.database)
            .batch_execute(statement)
            .expect("the statement is right");
    }
}

#[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
fn connect(database: &TestDatabase) -> PgConnection {
    PgConnection::establish(database.url()).expect("the test's database is there")
}

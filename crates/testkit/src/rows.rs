//! A look into the database, past the server.

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
};

use crate::TestServer;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

impl TestServer {
    /// How many rows a statement finds.
    ///
    /// # Panics
    ///
    /// Where the statement fails.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot look has failed")]
    pub fn rows(&self, select: &str) -> i64 {
        sql_query(format!("select count(*) as rows from ({select}) as found"))
            .get_result::<Counted>(&mut self.connect())
            .expect("the statement is right")
            .rows
    }

    /// Changes the database.
    ///
    /// # Panics
    ///
    /// Where the statement fails.
    #[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
    pub fn execute(&self, statement: &str) {
        self.connect()
            .batch_execute(statement)
            .expect("the statement is right");
    }

    #[expect(clippy::expect_used, reason = "a test that cannot prepare its world fails")]
    fn connect(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).expect("the test's database is there")
    }
}

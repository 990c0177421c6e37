//! The message queue in the database.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Bool, Integer, Text},
};
use portcullis_test_database::TestDatabase;

use crate::support::PATIENCE;

const ROWS: &str = r#"
    SELECT "id", "attempts", "sealed" IS NULL AS is_erased, "diedAt" IS NOT NULL AS is_dead,
        "diedAt" IS NULL AND "nextAttemptAt" > now() + interval '2 minutes' AS is_leased
    FROM "portcullis_message" ORDER BY "queuedAt", "id"
"#;

/// A message in the queue, or what is left of a dead one.
#[derive(Debug, diesel::QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Text)]
    pub(super) id: String,
    #[diesel(sql_type = Integer)]
    pub(super) attempts: i32,
    #[diesel(sql_type = Bool)]
    pub(super) is_erased: bool,
    #[diesel(sql_type = Bool)]
    pub(super) is_dead: bool,
    /// Whether a worker is sending it, or was killed while it did.
    #[diesel(sql_type = Bool)]
    pub(super) is_leased: bool,
}

impl Row {
    /// Whether sending it has failed and it waits for a retry.
    pub(super) fn is_waiting(&self) -> bool {
        self.attempts > 0 && !self.is_dead && !self.is_leased
    }
}

/// The queue of a test's database.
pub(super) struct Queue(PgConnection);

impl Queue {
    pub(super) fn of(database: &TestDatabase) -> Self {
        Self(PgConnection::establish(database.url()).unwrap())
    }

    pub(super) fn rows(&mut self) -> Vec<Row> {
        diesel::sql_query(ROWS).load(&mut self.0).unwrap()
    }

    /// Waits until the rows satisfy `is_so`, and returns them.
    pub(super) fn wait_until(&mut self, is_so: impl Fn(&[Row]) -> bool) -> Vec<Row> {
        let end = Instant::now() + PATIENCE;
        loop {
            let rows = self.rows();
            if is_so(&rows) {
                return rows;
            }
            assert!(Instant::now() < end, "the queue does not change: {rows:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until every message waits for a retry, and ends their pauses.
    pub(super) fn end_pauses(&mut self) {
        self.wait_until(|rows| rows.iter().all(Row::is_waiting));
        self.0
            .batch_execute(
                r#"UPDATE "portcullis_message" SET "nextAttemptAt" = "queuedAt"
                   WHERE "nextAttemptAt" < now() + interval '2 minutes'"#,
            )
            .unwrap();
    }

    /// Ends the leases of messages, so that other workers can take them.
    pub(super) fn end_leases(&mut self) {
        self.0
            .batch_execute(r#"UPDATE "portcullis_message" SET "nextAttemptAt" = "queuedAt""#)
            .unwrap();
    }
}

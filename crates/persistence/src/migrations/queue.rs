//! Messages in the queue.

use chrono::{DateTime, Utc};
use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Nullable, Timestamptz},
};

/// How many messages have not been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct QueuedMessages {
    /// The number of those that will be tried, possibly again.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// The number of those that were given up.
    #[diesel(sql_type = BigInt)]
    pub given_up: i64,
    /// When the oldest waiting message was queued. `None`: none is waiting.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest: Option<DateTime<Utc>>,
}

pub(super) fn count(connection: &mut PgConnection) -> QueryResult<QueuedMessages> {
    sql_query(
        r#"SELECT count(*) FILTER (WHERE "diedAt" IS NULL) AS "waiting",
            count(*) FILTER (WHERE "diedAt" IS NOT NULL) AS "given_up",
            min("queuedAt") FILTER (WHERE "diedAt" IS NULL) AS "oldest"
        FROM "portcullis_message""#,
    )
    .get_result(connection)
}

//! The message queue's repository.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Text, Timestamptz},
};
use portcullis_application::ports::{
    Failure, MessageRepository, QueuedMessage, Sealed, Settlement, WriteError,
};
use portcullis_domain::id::MessageId;

use crate::{schema::messages, unit_of_work::PgUnitOfWork};

/// Takes the messages with the fewest attempts first, so that messages that an outage delayed do not hold up new ones,
/// and among them those that have waited longest. Concurrent workers skip rows that another is taking. MATERIALIZED,
/// since the LIMIT would have no effect if the query ran again for each row.
const TAKE: &str = r#"
    WITH due AS MATERIALIZED (
        SELECT "id", "attempts" AS tries, "nextAttemptAt" AS since FROM "portcullis_message"
        WHERE "diedAt" IS NULL AND "nextAttemptAt" <= $1
        ORDER BY "attempts", "nextAttemptAt", "id" LIMIT $3
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE "portcullis_message" AS message
        SET "attempts" = message."attempts" + 1, "nextAttemptAt" = $2
        FROM due WHERE message."id" = due."id"
        RETURNING message."id", coalesce(message."sealed", '') AS sealed, message."attempts", due.since, due.tries
    )
    SELECT "id", sealed, "attempts" FROM taken ORDER BY tries, since, "id"
"#;

/// Deletes in small batches, so that no lock is held for long; replicas that delete concurrently do not wait for each
/// other.
const DELETE_OLD: &str = r#"
    DELETE FROM "portcullis_message" WHERE "id" IN (
        SELECT "id" FROM "portcullis_message" WHERE "queuedAt" < $1 LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
"#;

/// A message that was taken from the queue.
#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    sealed: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

impl From<Taken> for QueuedMessage {
    fn from(taken: Taken) -> Self {
        Self {
            id: MessageId::new(taken.id),
            sealed: Sealed(taken.sealed),
            attempts: u32::try_from(taken.attempts).unwrap_or(u32::MAX),
        }
    }
}

#[async_trait]
impl MessageRepository for PgUnitOfWork {
    async fn queue(&mut self, id: &MessageId, sealed: &Sealed, now: DateTime<Utc>) -> Result<(), Failure> {
        let (id, sealed) = (id.clone(), sealed.clone());
        self.run_write_once("messages.queue", move |connection| {
            diesel::insert_into(messages::table)
                .values((
                    messages::id.eq(id.as_str()),
                    messages::sealed.eq(&sealed.0),
                    messages::attempts.eq(0),
                    messages::queued_at.eq(now),
                    messages::next_attempt_at.eq(now),
                ))
                .execute(connection)
        })
        .await
        .map(|_one| ())
        .map_err(WriteError::into_failure)
    }

    async fn take(
        &mut self,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<QueuedMessage>, Failure> {
        self.run_write_once("messages.take", move |connection| {
            diesel::sql_query(TAKE)
                .bind::<Timestamptz, _>(now)
                .bind::<Timestamptz, _>(lease)
                .bind::<BigInt, _>(i64::from(limit))
                .load::<Taken>(connection)
        })
        .await
        .map(|taken| taken.into_iter().map(QueuedMessage::from).collect())
        .map_err(WriteError::into_failure)
    }

    async fn settle(
        &mut self,
        id: &MessageId,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let id = id.clone();
        self.run("messages.settle", move |connection| {
            let message = messages::table.filter(messages::id.eq(id.as_str()));
            let alive = message.filter(messages::died_at.is_null());
            match settlement {
                Settlement::Done => diesel::delete(message).execute(connection),
                Settlement::Retry(at) => diesel::update(alive)
                    .set(messages::next_attempt_at.eq(at))
                    .execute(connection),
                Settlement::Dead => diesel::update(alive)
                    .set((messages::sealed.eq(None::<String>), messages::died_at.eq(now)))
                    .execute(connection),
            }
        })
        .await
        .map(|_settled| ())
    }

    async fn delete_old(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("messages.delete_old", move |connection| {
            diesel::sql_query(DELETE_OLD)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}

//! What has been counted of requests.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Text},
};
use portcullis_application::ports::{Failure, RateLimitRepository};
use portcullis_domain::rate_limit::{Refused, Rule};

use crate::{schema::rate_limits, unit_of_work::PgUnitOfWork};

/// [`Rule::decide`] as one statement: two hits at once wait for each other at the row, and the second sees what
/// the first has counted. Where the hit is refused, nothing is written and no row comes back.
const ADMIT: &str = r#"
    INSERT INTO "rateLimit" AS counted ("id", "key", "count", "lastRequest")
    VALUES (replace(gen_random_uuid()::text, '-', ''), $1, 1, $2)
    ON CONFLICT ("key") DO UPDATE
    SET "count" = CASE WHEN abs($2 - counted."lastRequest") > $3 THEN 1 ELSE counted."count" + 1 END,
        "lastRequest" = $2
    WHERE NOT (abs($2 - counted."lastRequest") < $3 AND counted."count" >= $4)
"#;

/// A few at a time, so that no lock is held for long. What is being counted just now is passed over: it is not
/// stale any more, and replicas that delete at once do not wait for each other.
const DELETE_STALE: &str = r#"
    DELETE FROM "rateLimit" WHERE "id" IN (
        SELECT "id" FROM "rateLimit" WHERE "lastRequest" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"#;

impl PgUnitOfWork {
    /// Whether the hit is admitted and counted. Where the first answer is lost the hit may be counted twice, which
    /// admits fewer, never more.
    async fn count(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<bool, Failure> {
        let key = key.to_owned();
        self.run("rate_limits.admit", move |connection| {
            diesel::sql_query(ADMIT)
                .bind::<Text, _>(&key)
                .bind::<BigInt, _>(now.timestamp_millis())
                .bind::<BigInt, _>(rule.window.num_milliseconds())
                .bind::<Integer, _>(i32::try_from(rule.max).unwrap_or(i32::MAX))
                .execute(connection)
        })
        .await
        .map(|admitted| admitted > 0)
    }
}

#[async_trait]
impl RateLimitRepository for PgUnitOfWork {
    async fn admit(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Option<Refused>, Failure> {
        let key = key.replace('\0', "");
        if self.count(&key, rule, now).await? {
            return Ok(None);
        }
        let last = self
            .run("rate_limits.find_last", move |connection| {
                let counted = rate_limits::table.filter(rate_limits::key.eq(&key));
                counted
                    .select(rate_limits::last_request)
                    .first::<i64>(connection)
                    .optional()
            })
            .await?;
        // A clock ahead of ours may have counted last: nobody waits longer than the window for that.
        let last = last
            .and_then(DateTime::from_timestamp_millis)
            .map(|last| last.min(now));
        Ok(last.map(|last| rule.refusal(last, now)))
    }

    async fn forget(&mut self, key: &str) -> Result<(), Failure> {
        let key = key.replace('\0', "");
        self.run("rate_limits.forget", move |connection| {
            diesel::delete(rate_limits::table.filter(rate_limits::key.eq(&key))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("rate_limits.delete_stale", move |connection| {
            diesel::sql_query(DELETE_STALE)
                .bind::<BigInt, _>(before.timestamp_millis())
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}

//! The rate limit repository: the allowed hits of each key, and their counts in Better Auth's table if a Node server
//! shares the database.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Text},
};
use portcullis_application::ports::{Failure, RateLimitRepository};
use portcullis_domain::rate_limit::{Decision, Denied, Hits, Rule};

use crate::{schema::rate_limits, unit_of_work::PgUnitOfWork};

mod shared;

/// [`Rule::decide`] as one statement: concurrent hits wait for each other at the row, and the second sees the first. If
/// the hit is denied, the statement writes nothing and affects no row.
const COUNT: &str = r#"
    INSERT INTO "portcullis_rate_limit" AS counted ("key", "hits", "lastHit")
    VALUES ($1, ARRAY[$2], $2)
    ON CONFLICT ("key") DO UPDATE
    SET "hits" = ARRAY(SELECT hit FROM unnest(counted."hits" || $2) AS hit WHERE abs($2 - hit) < $3 ORDER BY hit),
        "lastHit" = $2
    WHERE (SELECT count(*) FROM unnest(counted."hits") AS hit WHERE abs($2 - hit) < $3) < $4
"#;

/// Locks Node's row first, as [`shared::COUNT`] does, to prevent a deadlock.
const DELETE_KEY: &str = r#"
    WITH node AS MATERIALIZED (
        SELECT "key" FROM "rateLimit" WHERE "key" = $1 FOR UPDATE
    ), log AS (
        DELETE FROM "portcullis_rate_limit" WHERE "key" = $1 AND (SELECT count(*) FROM node) >= 0
        RETURNING "key"
    )
    DELETE FROM "rateLimit" WHERE "key" = $1 AND (SELECT count(*) FROM log) >= 0
"#;

/// Deletes in small batches, so that no lock is held for long. A key with a concurrent hit is skipped: it is not stale
/// any more. Replicas that delete concurrently do not wait for each other. Rows of Better Auth's table were written by
/// a Node server, or by an older version of this program.
const DELETE_STALE: &str = r#"
    WITH logs AS (
        DELETE FROM "portcullis_rate_limit" WHERE "key" IN (
            SELECT "key" FROM "portcullis_rate_limit" WHERE "lastHit" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
        ) RETURNING "key"
    ), counts AS (
        DELETE FROM "rateLimit" WHERE "id" IN (
            SELECT "id" FROM "rateLimit" WHERE "lastRequest" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
        ) RETURNING "key"
    )
    SELECT (SELECT count(*) FROM logs) + (SELECT count(*) FROM counts) AS deleted
"#;

/// Maximum number of decisions on a hit. A decision is repeated if other statements change the rows before the hits are
/// read.
const ATTEMPTS: u32 = 5;

#[derive(QueryableByName)]
struct Deleted {
    #[diesel(sql_type = BigInt)]
    deleted: i64,
}

/// A hit to count or deny.
#[derive(Clone)]
struct Hit {
    key: String,
    rule: Rule,
    now: DateTime<Utc>,
}

impl Hit {
    fn now(&self) -> i64 {
        self.now.timestamp_millis()
    }

    fn window(&self) -> i64 {
        self.rule.window.num_milliseconds()
    }

    fn max(&self) -> i32 {
        i32::try_from(self.rule.max).unwrap_or(i32::MAX)
    }
}

impl PgUnitOfWork {
    /// Counts the hit and returns `true`, or changes nothing and returns `false`. If the first answer is lost, the hit
    /// may be counted twice, which allows fewer hits, never more.
    async fn insert(&mut self, hit: Hit) -> Result<bool, Failure> {
        let statement = if self.is_shared() { shared::COUNT } else { COUNT };
        self.run("rate_limits.count", move |connection| {
            diesel::sql_query(statement)
                .bind::<Text, _>(&hit.key)
                .bind::<BigInt, _>(hit.now())
                .bind::<BigInt, _>(hit.window())
                .bind::<Integer, _>(hit.max())
                .execute(connection)
        })
        .await
        .map(|written| written > 0)
    }

    /// Returns the hits that are relevant for the decision on this one.
    async fn hits(&mut self, hit: Hit) -> Result<Hits, Failure> {
        if self.is_shared() {
            return self.hits_of_both(hit).await;
        }
        let hits = self
            .run("rate_limits.find_hits", move |connection| {
                let log = rate_limits::table.filter(rate_limits::key.eq(&hit.key));
                log.select(rate_limits::hits)
                    .first::<Vec<i64>>(connection)
                    .optional()
            })
            .await?;
        Ok(hits.unwrap_or_default().into_iter().collect())
    }
}

#[async_trait]
impl RateLimitRepository for PgUnitOfWork {
    async fn count(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Decision, Failure> {
        let key = key.replace('\0', "");
        let hit = Hit { key, rule, now };
        for _ in 0..ATTEMPTS {
            if self.insert(hit.clone()).await? {
                return Ok(Decision::Allowed);
            }
            let mut hits = self.hits(hit.clone()).await?;
            let decision = rule.decide(&mut hits, now);
            if decision != Decision::Allowed {
                return Ok(decision);
            }
            // Between the two statements, the key was deleted, or Node's row was created or deleted.
            if self.is_shared() {
                self.unlink(hit.key.clone()).await?;
            }
        }
        Ok(Decision::Denied(Denied { retry_after: 1 }))
    }

    async fn delete(&mut self, key: &str) -> Result<(), Failure> {
        let key = key.replace('\0', "");
        self.run("rate_limits.delete", move |connection| {
            diesel::sql_query(DELETE_KEY)
                .bind::<Text, _>(&key)
                .execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("rate_limits.delete_stale", move |connection| {
            diesel::sql_query(DELETE_STALE)
                .bind::<BigInt, _>(before.timestamp_millis())
                .bind::<BigInt, _>(i64::from(limit))
                .get_result::<Deleted>(connection)
        })
        .await
        .map(|row| u64::try_from(row.deleted).unwrap_or_default())
    }
}

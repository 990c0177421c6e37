//! Rate limits on a database that is shared with a Node server.
//!
//! Node keeps no log: its row in "rateLimit" contains a count and the time of the last hit. Each hit that we allow also
//! writes that row, and records what it wrote. If the row differs later, Node has allowed hits since; they are counted
//! as hits at the row's last time.
//!
//! Every statement that needs both rows locks Node's first. Only a statement that found no Node row begins with ours,
//! and it does not wait for a lock on Node's.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Text},
};
use portcullis_application::ports::Failure;
use portcullis_domain::rate_limit::Hits;

use super::Hit;
use crate::unit_of_work::PgUnitOfWork;

/// Number of hits that Node has allowed since we last wrote its row.
///
/// * Node continues its count or restarts it. It restarts after a pause longer than its window, which is at least one
///   second, so it cannot have restarted within one second. If the count has not increased in that time, Node has
///   overwritten our hits between its read and its write, and has allowed one hit.
/// * If Node's last request is within our window after our write and the count is higher, Node has continued its count.
/// * Otherwise the whole count may be new.
macro_rules! hits_of_node {
    () => {
        r#"
        CASE
            WHEN counted."nodeCount" IS NULL THEN node."count"
            WHEN node."count" = counted."nodeCount" AND node."lastRequest" = counted."nodeLastRequest" THEN 0
            WHEN node."lastRequest" - counted."nodeLastRequest" <= 1000
                THEN greatest(node."count" - counted."nodeCount", 1)
            WHEN node."lastRequest" - counted."nodeLastRequest" <= $3 AND node."count" > counted."nodeCount"
                THEN node."count" - counted."nodeCount"
            ELSE node."count"
        END
        "#
    };
}

/// Our hits and Node's. Hits of Node beyond the rule's maximum make no difference.
macro_rules! hits_of_both {
    () => {
        concat!(
            r#"(counted."hits" || (SELECT array_fill(node."lastRequest", ARRAY[least(greatest("#,
            hits_of_node!(),
            r#", 0), $4)]) FROM node))"#
        )
    };
}

/// [`super::COUNT`], which also counts and writes Node's row.
///
/// Node's row is locked when it is read, so it is up to date. If it does not exist, another statement may have created
/// it since this one began. In that case our row has a "nodeCount", this hit is not counted, and the decision is
/// repeated.
pub(super) const COUNT: &str = concat!(
    r#"
    WITH node AS MATERIALIZED (
        SELECT "count", "lastRequest" FROM "rateLimit" WHERE "key" = $1 FOR UPDATE
    ), fresh AS (
        SELECT ARRAY(
            SELECT hit FROM unnest(
                (SELECT array_fill("lastRequest", ARRAY[least(greatest("count", 0), $4)]) FROM node) || $2
            ) AS hit
            WHERE abs($2 - hit) < $3 ORDER BY hit
        ) AS hits
    ), allowed AS (
        INSERT INTO "portcullis_rate_limit" AS counted ("key", "hits", "lastHit", "nodeCount", "nodeLastRequest")
        SELECT $1, hits, $2, cardinality(hits), $2 FROM fresh
        WHERE cardinality(hits) <= $4 OR EXISTS (SELECT FROM "portcullis_rate_limit" WHERE "key" = $1)
        ON CONFLICT ("key") DO UPDATE
        SET ("hits", "lastHit", "nodeCount", "nodeLastRequest") = (
            SELECT live.hits, $2, cardinality(live.hits), $2
            FROM (SELECT ARRAY(SELECT hit FROM unnest("#,
    hits_of_both!(),
    r#" || $2) AS hit WHERE abs($2 - hit) < $3 ORDER BY hit) AS hits) AS live
        )
        WHERE (SELECT count(*) FROM unnest("#,
    hits_of_both!(),
    r#") AS hit WHERE abs($2 - hit) < $3) < $4
            AND (counted."nodeCount" IS NULL OR EXISTS (SELECT FROM node))
        RETURNING "nodeCount"
    ), updated AS (
        UPDATE "rateLimit" AS written SET "count" = allowed."nodeCount", "lastRequest" = $2
        FROM allowed WHERE written."key" = $1 AND EXISTS (SELECT FROM node)
    ), inserted AS (
        INSERT INTO "rateLimit" ("id", "key", "count", "lastRequest")
        SELECT given."id", $1, "nodeCount", $2
        FROM allowed, jsonb_populate_record(NULL::"rateLimit", jsonb_build_object('id', gen_random_uuid())) AS given
        WHERE NOT EXISTS (SELECT FROM node)
        ON CONFLICT ("key") DO NOTHING
    )
    SELECT "nodeCount" FROM allowed
    "#
);

/// Returns the hits that [`COUNT`] considers, without a lock.
const FIND_HITS: &str = concat!(
    r#"
    WITH node AS MATERIALIZED (
        SELECT "count", "lastRequest" FROM "rateLimit" WHERE "key" = $1
    )
    SELECT coalesce("#,
    hits_of_both!(),
    r#", '{}') AS hits FROM (
        SELECT coalesce(log."hits", '{}') AS "hits", log."nodeCount", log."nodeLastRequest"
        FROM (SELECT) AS always LEFT JOIN "portcullis_rate_limit" AS log ON log."key" = $1
    ) AS counted WHERE $2 IS NOT NULL
    "#
);

/// Clears the record of what we wrote to Node's row if that row was deleted.
const UNLINK: &str = r#"
    UPDATE "portcullis_rate_limit" SET "nodeCount" = NULL, "nodeLastRequest" = NULL
    WHERE "key" = $1 AND NOT EXISTS (SELECT FROM "rateLimit" WHERE "key" = $1)
"#;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Array<BigInt>)]
    hits: Vec<i64>,
}

impl PgUnitOfWork {
    /// Returns our hits and Node's that are relevant for the decision on this one.
    pub(super) async fn hits_of_both(&mut self, hit: Hit) -> Result<Hits, Failure> {
        self.run("rate_limits.find_hits", move |connection| {
            diesel::sql_query(FIND_HITS)
                .bind::<Text, _>(&hit.key)
                .bind::<BigInt, _>(hit.now())
                .bind::<BigInt, _>(hit.window())
                .bind::<Integer, _>(hit.max())
                .get_result::<Found>(connection)
        })
        .await
        .map(|found| found.hits.into_iter().collect())
    }

    /// Clears the record of what we wrote to Node's row if that row does not exist.
    pub(super) async fn unlink(&mut self, key: String) -> Result<(), Failure> {
        self.run("rate_limits.unlink", move |connection| {
            diesel::sql_query(UNLINK)
                .bind::<Text, _>(&key)
                .execute(connection)
        })
        .await
        .map(|_unlinked| ())
    }
}

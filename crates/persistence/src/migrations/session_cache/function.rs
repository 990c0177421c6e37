//! The function of the triggers.

use crate::{
    migrations::adoption::sql::{quoted, text},
    session_cache::triggers::{ANY_ROWS, CHANNEL, DIGITS},
};

/// Number of ids in one notification. PostgreSQL limits a payload to 8000 bytes.
const IDS: usize = 400;
/// A statement that changes more rows than this sends one notification for all rows.
const MOST_ROWS: usize = 10_000;

/// Returns the statement that creates the function. An id is hashed, because every user of the database can listen. If
/// the column of the id was renamed, the function reports that any row may have changed: a write must not fail.
pub(super) fn definition(name: &str, id: &str) -> String {
    let id = quoted(id);
    let (channel, any) = (text(CHANNEL), text(ANY_ROWS));
    let bytes = DIGITS / 2;
    format!(
            "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    channel CONSTANT text := {channel} || TG_RELID;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify(channel, {any});
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    BEGIN
        IF (SELECT count(*) FROM (SELECT FROM changed LIMIT {MOST_ROWS} + 1) AS counted) > {MOST_ROWS} THEN
            PERFORM pg_notify(channel, {any});
        ELSE
            PERFORM pg_notify(channel, string_agg(hash, ''))
            FROM (
                SELECT encode(substring(sha256(convert_to({id}::text, 'UTF8')) FROM 1 FOR {bytes}), 'hex') AS hash,
                    (row_number() OVER () - 1) / {IDS} AS part
                FROM changed
            ) AS hashed
            GROUP BY part;
        END IF;
    EXCEPTION WHEN undefined_column THEN
        PERFORM pg_notify(channel, {any});
    END;
    RETURN NULL;
END
$body$"
        )
}

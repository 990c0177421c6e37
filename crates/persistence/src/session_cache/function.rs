//! The source of the trigger functions.

use super::triggers::{ANY_ROWS, CHANNEL, DIGITS};

/// Number of ids in one notification. PostgreSQL limits a payload to 8000 bytes.
const IDS: usize = 400;
/// A statement that changes more rows than this sends one notification for all rows.
const MOST_ROWS: usize = 10_000;

/// Returns the source before and after the quoted name of the column with the id.
///
/// An id is hashed, because every user of the database can listen. If the column of the id was renamed, the function reports
/// that any row may have changed: a write must not fail.
pub(crate) fn source() -> [String; 2] {
    let bytes = DIGITS / 2;
    let before = format!(
        "
DECLARE
    channel CONSTANT text := '{CHANNEL}' || TG_RELID;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM pg_notify(channel, '{ANY_ROWS}');
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    BEGIN
        IF (SELECT count(*) FROM (SELECT FROM changed LIMIT {MOST_ROWS} + 1) AS counted) > {MOST_ROWS} THEN
            PERFORM pg_notify(channel, '{ANY_ROWS}');
        ELSE
            PERFORM pg_notify(channel, string_agg(hash, ''))
            FROM (
                SELECT encode(substring(sha256(convert_to("
    );
    let after = format!(
        "::text, 'UTF8')) FROM 1 FOR {bytes}), 'hex') AS hash,
                    (row_number() OVER () - 1) / {IDS} AS part
                FROM changed
            ) AS hashed
            GROUP BY part;
        END IF;
    EXCEPTION WHEN undefined_column THEN
        PERFORM pg_notify(channel, '{ANY_ROWS}');
    END;
    RETURN NULL;
END
"
    );
    [before, after]
}

/// Returns a condition on a row `p` of `pg_proc`: its source is ours. Another version of the program may send other payloads.
pub(super) fn has_our_source() -> String {
    let [before, after] = source();
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    format!(
        "left({STORED}, {}) = {} AND right({STORED}, {}) = {}",
        before.len(),
        literal(&before),
        after.len(),
        literal(&after)
    )
}

/// The source of a row `p` of `pg_proc`, without what a program may add to the ends of lines.
pub(crate) const STORED: &str = "replace(p.prosrc, chr(13), '')";

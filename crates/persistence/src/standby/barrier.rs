//! Positions in the write-ahead log, and whether the standby has replayed the primary's.

use chrono::{DateTime, Utc};
use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Bool, Text, Timestamptz},
};

use super::StandbyError;

/// Asks for the end of what was inserted, also of commits that PostgreSQL has acknowledged before it wrote them
/// (`synchronous_commit=off`).
const AT_PRIMARY: &str = "
    SELECT (inserted - '0/0'::pg_lsn)::bigint AS position, substr(pg_walfile_name(inserted), 1, 8) AS timeline,
        system_identifier AS system, current_setting('wal_block_size')::bigint AS page,
        pg_size_bytes(current_setting('wal_segment_size')) AS segment
    FROM (SELECT pg_current_wal_insert_lsn() AS inserted) AS log, pg_control_system()
";

/// Asks for the end of what was replayed, and for a timeline that replay has certainly reached: that of the control file, or the
/// one from which the standby receives, which only some roles may read. A standby does not begin to receive a timeline that
/// lacks what it has replayed.
const AT_STANDBY: &str = "
    SELECT pg_is_in_recovery() AS is_in_recovery,
        coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0) AS position,
        greatest(checkpoint.timeline_id, recovery.min_recovery_end_timeline, receiver.received_tli)::bigint AS timeline,
        system_identifier AS system, pg_postmaster_start_time() AS server
    FROM pg_control_system(), pg_control_checkpoint() AS checkpoint, pg_control_recovery() AS recovery
        LEFT JOIN pg_stat_wal_receiver AS receiver ON receiver.status = 'streaming'
";

/// Sizes of PostgreSQL's page headers in the log: of a page, and of the first page of a segment.
const HEADERS: (i64, i64) = (24, 40);

/// State of the primary.
#[derive(Debug, QueryableByName)]
pub(crate) struct Primary {
    #[diesel(sql_type = BigInt)]
    position: i64,
    /// In hexadecimal.
    #[diesel(sql_type = Text)]
    timeline: String,
    #[diesel(sql_type = BigInt)]
    system: i64,
    #[diesel(sql_type = BigInt)]
    page: i64,
    #[diesel(sql_type = BigInt)]
    segment: i64,
}

/// State of the standby.
#[derive(Debug, QueryableByName)]
pub(crate) struct Standby {
    #[diesel(sql_type = Bool)]
    is_in_recovery: bool,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    timeline: i64,
    #[diesel(sql_type = BigInt)]
    system: i64,
    /// When the server started.
    #[diesel(sql_type = Timestamptz)]
    pub(crate) server: DateTime<Utc>,
}

impl Primary {
    /// Asks the primary.
    pub(crate) fn ask(connection: &mut PgConnection) -> QueryResult<Self> {
        sql_query(AT_PRIMARY).get_result(connection)
    }

    /// Returns the end of the last record. PostgreSQL reports the place of the next one, which is after the header of a page
    /// if the last one has filled the page before. Replay ends before the header, and would never seem to reach that place.
    pub(crate) const fn end(&self) -> i64 {
        let (short, long) = HEADERS;
        if (self.position - long) % self.segment == 0 {
            self.position - long
        } else if (self.position - short) % self.page == 0 {
            self.position - short
        } else {
            self.position
        }
    }
}

impl Standby {
    /// Asks the standby.
    pub(crate) fn ask(connection: &mut PgConnection) -> QueryResult<Self> {
        sql_query(AT_STANDBY).get_result(connection)
    }

    /// Returns whether the standby has replayed what the primary had inserted.
    ///
    /// # Errors
    ///
    /// If their positions cannot be compared. After a fail-over, a standby that has not switched to the new timeline may have
    /// a higher position than the new primary, and yet lack its changes.
    pub(crate) fn has_replayed(&self, primary: &Primary) -> Result<bool, StandbyError> {
        if !self.is_in_recovery {
            return Err(StandbyError::NotInRecovery);
        }
        if self.system != primary.system {
            return Err(StandbyError::OtherSystem);
        }
        if i64::from_str_radix(&primary.timeline, 16) != Ok(self.timeline) {
            return Err(StandbyError::OtherTimeline);
        }
        Ok(self.position >= primary.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: i64 = 8192;
    const SEGMENT: i64 = 2048 * PAGE;

    fn primary(position: i64) -> Primary {
        Primary {
            position,
            timeline: "0000000A".to_owned(),
            system: 7,
            page: PAGE,
            segment: SEGMENT,
        }
    }

    fn standby(position: i64) -> Standby {
        Standby {
            is_in_recovery: true,
            position,
            timeline: 10,
            system: 7,
            server: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_standby_has_replayed_what_ends_before_the_next_page() {
        for (inserted, end) in [
            (3 * SEGMENT + 40, 3 * SEGMENT),
            (3 * SEGMENT + PAGE + 24, 3 * SEGMENT + PAGE),
            (3 * SEGMENT + PAGE + 40, 3 * SEGMENT + PAGE + 40),
            (3 * SEGMENT + PAGE + 104, 3 * SEGMENT + PAGE + 104),
        ] {
            let primary = primary(inserted);
            assert_eq!(standby(end).has_replayed(&primary), Ok(true), "{inserted}");
            assert_eq!(standby(end - 8).has_replayed(&primary), Ok(false), "{inserted}");
        }
    }

    #[test]
    fn a_server_whose_position_cannot_be_compared_is_rejected() {
        let (primary, position) = (primary(800), 900);
        let promoted = Standby {
            is_in_recovery: false,
            ..standby(position)
        };
        let other = Standby {
            system: 8,
            ..standby(position)
        };
        let behind = Standby {
            timeline: 9,
            ..standby(position)
        };
        assert_eq!(promoted.has_replayed(&primary), Err(StandbyError::NotInRecovery));
        assert_eq!(other.has_replayed(&primary), Err(StandbyError::OtherSystem));
        assert_eq!(behind.has_replayed(&primary), Err(StandbyError::OtherTimeline));
    }
}

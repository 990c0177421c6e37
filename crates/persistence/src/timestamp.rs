//! Times that PostgreSQL can store and neither chrono nor JavaScript can represent.
//!
//! A `timestamptz` reaches from 4713 BC to the year 294276, and may be `infinity` or `-infinity`. To keep such rows
//! readable, a time is replaced with the nearest one in the years 1 to 9999. Sums of such times and a lifetime stay far
//! within chrono's range.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
    sql_types::Timestamptz,
};

/// 0001-01-01T00:00:00.000Z, in microseconds since 1970.
const FIRST: i64 = -62_135_596_800_000_000;
/// 9999-12-31T23:59:59.999Z, in microseconds since 1970.
const LAST: i64 = 253_402_300_799_999_000;
/// PostgreSQL counts from 2000-01-01T00:00:00Z: in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

/// How PostgreSQL writes a `timestamp` in JSON.
const WITHOUT_ZONE: &str = "%Y-%m-%dT%H:%M:%S%.f";

/// A time in the years 1 to 9999. Every `timestamptz` column is read as this type.
#[derive(AsExpression, Clone, Copy, Debug, FromSqlRow, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(sql_type = Timestamptz)]
pub(crate) struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Returns the nearest time in the years 1 to 9999.
    fn nearest(microseconds: i64) -> Self {
        let within = microseconds.clamp(FIRST, LAST);
        Self(DateTime::from_timestamp_micros(within).unwrap_or_default())
    }

    /// Parses a time in the format that PostgreSQL writes in JSON. `None`: the text is not a time.
    pub(crate) fn from_json(text: &str) -> Option<Self> {
        if text == "-infinity" || text.ends_with(" BC") {
            return Some(Self::nearest(i64::MIN));
        }
        let year = text.split('-').next().unwrap_or_default();
        if text == "infinity" || (year.len() > 4 && year.bytes().all(|byte| byte.is_ascii_digit())) {
            return Some(Self::nearest(i64::MAX));
        }
        let microseconds = match DateTime::parse_from_rfc3339(text) {
            Ok(time) => time.timestamp_micros(),
            // A column without a time zone contains times in UTC.
            Err(_) => NaiveDateTime::parse_from_str(text, WITHOUT_ZONE)
                .ok()?
                .and_utc()
                .timestamp_micros(),
        };
        Some(Self::nearest(microseconds))
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(moment: Timestamp) -> Self {
        moment.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

impl FromSql<Timestamptz, Pg> for Timestamp {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let since_2000 = <i64 as FromSql<diesel::sql_types::BigInt, Pg>>::from_sql(bytes)?;
        Ok(Self::nearest(since_2000.saturating_add(EPOCH)))
    }
}

impl ToSql<Timestamptz, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <DateTime<Utc> as ToSql<Timestamptz, Pg>>::to_sql(&self.0, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLIEST: &str = "0001-01-01T00:00:00Z";
    const LATEST: &str = "9999-12-31T23:59:59.999Z";

    fn time(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_time_outside_the_years_1_to_9999_is_moved_to_the_nearest_one_inside() {
        for (microseconds, text) in [
            (i64::MIN, EARLIEST),
            (FIRST - 1, EARLIEST),
            (FIRST, EARLIEST),
            (EPOCH + 1, "2000-01-01T00:00:00.000001Z"),
            (LAST, LATEST),
            (LAST + 1, LATEST),
            (i64::MAX, LATEST),
        ] {
            assert_eq!(
                DateTime::<Utc>::from(Timestamp::nearest(microseconds)),
                time(text)
            );
        }
    }

    #[test]
    fn a_time_in_json_is_parsed_in_every_format_that_postgresql_writes() {
        for (written, text) in [
            ("infinity", LATEST),
            ("-infinity", EARLIEST),
            ("10000-01-01T00:00:00+00:00", LATEST),
            ("294276-12-31T23:59:59.999999+00:00", LATEST),
            ("9999-12-31T23:59:59-01:00", LATEST),
            ("0044-03-15T00:00:00+00:00 BC", EARLIEST),
            ("0001-01-01T00:00:00+01:00", EARLIEST),
            ("2026-01-01T01:00:00.5+01:00", "2026-01-01T00:00:00.5Z"),
            ("2026-01-01T00:00:00.5", "2026-01-01T00:00:00.5Z"),
            ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
            ("10000-01-01T00:00:00", LATEST),
        ] {
            assert_eq!(
                Timestamp::from_json(written),
                Some(Timestamp(time(text))),
                "{written}"
            );
        }
        for none in ["", "now", "infinite", "2026-01-01", "BC", "x10000-01-01"] {
            assert_eq!(Timestamp::from_json(none), None, "{none}");
        }
    }

    #[test]
    fn sums_of_the_first_and_last_time_with_a_lifetime_do_not_overflow() {
        let lifetime = chrono::TimeDelta::days(400);
        for microseconds in [i64::MIN, i64::MAX] {
            let time = DateTime::<Utc>::from(Timestamp::nearest(microseconds));
            assert!(
                time.checked_add_signed(lifetime).is_some() && time.checked_sub_signed(lifetime).is_some()
            );
        }
    }
}

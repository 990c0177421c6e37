//! Times that JavaScript, PostgreSQL and RFC 3339 write alike.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

const YEARS: RangeInclusive<i32> = 1..=9999;

/// Returns whether JavaScript, PostgreSQL and RFC 3339 can write this time.
pub(crate) fn is_writable(time: DateTime<Utc>) -> bool {
    YEARS.contains(&time.year())
}

/// Returns a date with a time, or the start of a day in UTC. `None`: the text is not a date, or the date cannot be
/// written.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let exact = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let time = exact.ok().or_else(|| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    });
    time.filter(|time| is_writable(*time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_of_the_years_1_to_9999_are_read() {
        for (text, is_read) in [
            ("2026-01-01", true),
            (" 2026-01-01T00:00:00Z ", true),
            ("0001-01-01", true),
            ("9999-12-31", true),
            ("0000-12-31", false),
            ("0001-01-01T00:00:00+01:00", false),
            ("9999-12-31T23:00:00-02:00", false),
            ("+10000-01-01", false),
            ("-200000-01-01", false),
            ("-4713-01-01", false),
            ("yesterday", false),
        ] {
            assert_eq!(read(text).is_some(), is_read, "{text}");
        }
    }
}

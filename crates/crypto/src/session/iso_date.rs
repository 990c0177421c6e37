//! Dates as JavaScript parses and prints them.

use chrono::{Datelike, Days, NaiveDate};

/// Maximum number of significant digits of a fraction; the rest is ignored.
const SIGNIFICANT: usize = 9;

/// Returns a text of the form `0000-00-00T00:00:00.000Z`, with any number of decimals or none, as Better Auth prints it
/// after parsing it as a date. Returns `None` if Better Auth keeps the text: it has another form or is not a date.
pub(super) fn revived(text: &str) -> Option<String> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, Fraction::parse(fraction)?),
        None => (time, Fraction::default()),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let is_midnight = hour == 24 && minute == 0 && second == 0 && fraction.number == 0;
    if !(1..=31).contains(&day) || minute > 59 || second > 59 || (hour > 23 && !is_midnight) {
        return None;
    }

    // A day after the end of its month counts into the next month, and the hour 24 into the next day.
    let first = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?;
    let date = first.checked_add_days(Days::new(u64::from(day - 1 + hour / 24)))?;
    let year = match date.year() {
        year @ 0..10_000 => format!("{year:04}"),
        year => format!("+{year:06}"),
    };
    let (month, day, hour) = (date.month(), date.day(), hour % 24);
    let milliseconds = fraction.milliseconds;
    Some(format!(
        "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z"
    ))
}

#[derive(Default)]
struct Fraction {
    number: u32,
    milliseconds: u32,
}

impl Fraction {
    /// As V8, reads nine digits after the leading zeros and scales them as if they were the first nine digits.
    fn parse(digits: &str) -> Option<Self> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        let read = significant.get(..SIGNIFICANT).unwrap_or(significant);
        let number: u32 = if read.is_empty() { 0 } else { read.parse().ok()? };
        let milliseconds = match digits.len().min(SIGNIFICANT) {
            1 => number * 100,
            2 => number * 10,
            length => (3..length).fold(number, |number, _| number / 10),
        };
        Some(Self { number, milliseconds })
    }
}

/// Parses three numbers with these numbers of digits.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length)?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dates are the output of `safeJSONParse` of `@better-auth/core` 1.4.22 and `JSON.stringify` in Node 20.
    #[test]
    fn dates_are_rewritten_as_better_auth_does() {
        for (text, date) in [
            ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z"),
            ("2026-01-08T12:34:56.789Z", "2026-01-08T12:34:56.789Z"),
            ("2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.100Z"),
            ("2026-01-01T00:00:00.12Z", "2026-01-01T00:00:00.120Z"),
            ("2026-01-01T00:00:00.9996Z", "2026-01-01T00:00:00.999Z"),
            ("2026-01-01T00:00:00.0123456789Z", "2026-01-01T00:00:00.123Z"),
            ("2026-01-01T00:00:00.012345678Z", "2026-01-01T00:00:00.012Z"),
            (
                "9642-06-25T16:00:00.077777777777777777777Z",
                "9642-06-25T16:00:00.777Z",
            ),
            ("2026-02-30T00:00:00Z", "2026-03-02T00:00:00.000Z"),
            ("2024-02-31T00:00:00Z", "2024-03-02T00:00:00.000Z"),
            ("2026-12-31T24:00:00.000Z", "2027-01-01T00:00:00.000Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
            ("9999-12-31T24:00:00Z", "+010000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(revived(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn texts_that_better_auth_does_not_read_as_dates_are_unchanged() {
        for text in [
            "",
            "Z",
            "TZ",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1.2Z",
            "2026-01-01T00:00:00,5Z",
            "2026-01-01T00:00:00+00:00",
            "2026-1-01T00:00:00Z",
            "02026-01-01T00:00:00Z",
            "+2026-01-01T00:00:00Z",
            "2026-01-01T+1:00:00Z",
            "2026-01-01-T00:00:00Z",
            "2026-01-01T00:00:00:Z",
            "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-02-32T00:00:00Z",
            "2026-01-01T25:00:00Z",
            "2026-01-01T24:00:01Z",
            "2026-01-01T24:01:00Z",
            "2026-01-01T24:00:00.0001Z",
            "2026-01-01T23:60:00Z",
            "2026-01-01T23:59:60Z",
            "２０２６-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z\n",
        ] {
            assert_eq!(revived(text), None, "{text:?}");
        }
    }
}

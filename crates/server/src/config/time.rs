//! Times written as text.

/// Parses a time in seconds: a number of seconds, or a number and a unit, such as `15m` or `2 hours`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim_start() {
        "" => 1,
        unit => length(unit)?,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// wire: Better Auth's units. A month has 30 days, and a year 365.25 days.
fn length(unit: &str) -> Option<u64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        "mo" | "month" | "months" => 30 * 86_400,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parsed_as_in_better_auth() {
        for (text, expected) in [
            ("900", Some(900)),
            ("15m", Some(900)),
            ("15 Minutes", Some(900)),
            ("2h", Some(7200)),
            ("1 day", Some(86_400)),
            ("1w", Some(604_800)),
            ("1mo", Some(2_592_000)),
            ("1y", Some(31_557_600)),
            ("0s", Some(0)),
            ("", None),
            ("m", None),
            ("-15m", None),
            ("1.5h", None),
            ("15m ago", None),
            ("15 fortnights", None),
            ("18446744073709551615y", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}

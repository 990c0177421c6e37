//! Times as an operator writes them.

/// Returns the seconds of `90m`, `12h`, `30d`, or of a number of seconds.
pub(super) fn parse(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 60 * 60),
        Some((at, 'd')) => (&text[..at], 24 * 60 * 60),
        Some(_) | None => (text, 1),
    };
    let number: Option<u32> = number.parse().ok().filter(|number| *number > 0);
    let number =
        number.ok_or("write a whole number of seconds above 0, or one with s, m, h or d, such as 12h")?;
    Ok(f64::from(number) * f64::from(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_or_is_in_seconds() {
        for (text, seconds) in [
            ("60", 60.0),
            ("90s", 90.0),
            ("90m", 5400.0),
            ("12h", 43_200.0),
            ("30d", 2_592_000.0),
        ] {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
        for text in ["", "h", "0", "-1", "1.5h", "1w", "1 h", "9999999999"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}

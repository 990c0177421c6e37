//! Numbers in queries, as JavaScript reads them.

/// Returns the number of members of a list that a text names by `parseInt`: the digits at its beginning. `None`: there
/// are none, or the number is negative.
pub(crate) fn parse_int(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.find(|character: char| !character.is_ascii_digit());
    let digits = text.get(..digits.unwrap_or(text.len()))?;
    number(digits)
}

/// Returns the whole part of the number that a text is by `Number`, which also reads exponents and hexadecimal digits.
/// `None`: it is not a number, or it is negative.
pub(crate) fn parse_number(text: &str) -> Option<u32> {
    let text = text.trim();
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(digits) = hexadecimal.filter(|digits| !digits.starts_with('+')) {
        return u32::from_str_radix(digits, 16).ok();
    }
    let value: f64 = text.parse().ok()?;
    let is_number = value.is_finite() && !text.contains(['i', 'n', 'I', 'N']);
    let whole = value.trunc();
    // A whole number is printed without an exponent or a fraction.
    number(&whole.to_string()).filter(|_| is_number)
}

/// A number that is too large is the largest one.
fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_in_javascript() {
        for (text, integer, number) in [
            ("10", Some(10), Some(10)),
            ("2e0", Some(2), Some(2)),
            ("0x1F", Some(0), Some(31)),
            (" 7 ", Some(7), Some(7)),
            ("10abc", Some(10), None),
            ("10.9", Some(10), Some(10)),
            ("-5", None, None),
            ("", None, None),
            ("abc", None, None),
            ("99999999999", Some(u32::MAX), Some(u32::MAX)),
        ] {
            assert_eq!((parse_int(text), parse_number(text)), (integer, number), "{text}");
        }
    }
}

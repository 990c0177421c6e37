//! Parsing of PostgreSQL's version numbers.

/// Parses text such as `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
pub(super) fn major_version(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    leading_number(version)
}

/// Returns the number at the beginning of a text.
pub(super) fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_parsed_from_every_format() {
        for (answer, major) in [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) 17\n", Some(17)),
            ("something else", None),
        ] {
            assert_eq!(major_version(answer), major, "{answer}");
        }
    }
}

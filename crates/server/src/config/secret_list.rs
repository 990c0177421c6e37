//! The list of secrets in one variable. Texts that may be meant in another form are rejected: otherwise two secrets
//! would silently become one, or one secret two.

use portcullis_domain::secret::Secret;

use super::secret::SHORTEST;

/// Separates secrets in a variable: unlike a comma, it is rare in secrets.
const SEPARATOR: char = ';';

/// Returns the secrets of a variable, or which other form it has. The error contains no secret.
pub(super) fn parse(text: &str) -> Result<Vec<Secret<String>>, &'static str> {
    let text = text.trim();
    if text.starts_with('[') && text.ends_with(']') {
        return Err("looks like a list in JSON");
    }
    if text.contains(',') && !text.contains(SEPARATOR) {
        return Err("contains a comma and no semicolon; if it is only one secret, set it as `secret`");
    }
    let entries = text.split(SEPARATOR).map(str::trim);
    let entries = entries.filter(|entry| !entry.is_empty());
    entries
        .map(|entry| match other_form(entry) {
            Some(form) => Err(form),
            None => Ok(Secret::new(entry.to_owned())),
        })
        .collect()
}

/// Returns in which other form a text between semicolons may be meant.
fn other_form(entry: &str) -> Option<&'static str> {
    if entry.contains(['\n', '\r']) {
        return Some("contains a line break that does not follow a semicolon");
    }
    if is_versioned(entry) {
        return Some(
            "has a secret that begins with a number and a colon, as in BETTER_AUTH_SECRETS of later versions; remove the numbers, or list such a secret in the configuration file",
        );
    }
    let is_several = |separator: fn(char) -> bool| {
        let mut parts = entry.split(separator);
        parts.clone().nth(1).is_some() && parts.all(|part| part.trim().chars().count() >= SHORTEST)
    };
    (is_several(|c| c == ',') || is_several(char::is_whitespace)).then_some(
        "looks like several secrets with a comma or a space between them; if they are one secret, list it in the configuration file",
    )
}

fn is_versioned(entry: &str) -> bool {
    entry.split_once(':').is_some_and(|(version, _)| {
        !version.is_empty() && version.chars().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e";
    const OTHER: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";

    fn parsed(text: &str) -> Vec<String> {
        let secrets = parse(text).unwrap();
        secrets.iter().map(|secret| secret.expose().clone()).collect()
    }

    #[test]
    fn secrets_are_separated_by_semicolons_only() {
        assert_eq!(parsed(ONE), [ONE]);
        assert_eq!(parsed(&format!(" {ONE} ; {OTHER};")), [ONE, OTHER]);
        assert_eq!(parsed(&format!("{ONE};\r\n{OTHER}")), [ONE, OTHER]);
        assert_eq!(parsed("with, a comma;other"), ["with, a comma", "other"]);
        assert_eq!(parsed("with, a comma;"), ["with, a comma"]);
        assert_eq!(parsed("several words"), ["several words"]);
        assert_eq!(parsed(";"), [""; 0]);
    }

    #[test]
    fn a_text_that_may_have_another_form_is_rejected_without_its_secrets() {
        for (text, fault) in [
            (format!("{ONE},{OTHER}"), "a comma and no semicolon"),
            ("with, a comma".to_owned(), "a comma and no semicolon"),
            (format!("2:{ONE},1:{OTHER}"), "a comma and no semicolon"),
            (format!("{ONE},{OTHER};old"), "several secrets"),
            (format!("{ONE}, {OTHER};old"), "several secrets"),
            (format!("{ONE} {OTHER}"), "several secrets"),
            (format!("{ONE}\n{OTHER}"), "a line break"),
            (format!("2:{ONE}"), "a number and a colon"),
            (format!("{ONE};1:{OTHER}"), "a number and a colon"),
            (format!("[\"{ONE}\",\"{OTHER}\"]"), "JSON"),
            (format!("[\"{ONE}\"]"), "JSON"),
        ] {
            let problem = parse(&text).unwrap_err();
            assert!(problem.contains(fault), "{text}: {problem}");
            assert!(!problem.contains(ONE) && !problem.contains(OTHER), "{problem}");
        }
    }
}

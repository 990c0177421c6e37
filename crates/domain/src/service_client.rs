//! Services of a deployment that call this server, such as a backend that checks sessions.

use std::fmt;

/// Maximum length of an id.
const LONGEST: usize = 64;

/// The id of a service, which the configuration chooses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceClientId(String);

impl ServiceClientId {
    /// Returns an id with this text, or `None` if it is not one: at most 64 lower-case letters, digits, `_` and `-`,
    /// of which the first is a letter, without two `_` in a row. Such an id is a part of a variable's name, and has the
    /// same form in a header, in a form and in the log.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        let is_id = text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.len() <= LONGEST
            && text.bytes().all(is_allowed)
            && !text.contains("__");
        is_id.then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_short_word_in_lower_case() {
        for text in ["a", "api", "api2", "billing_api", "billing-api", &"a".repeat(64)] {
            let id = ServiceClientId::parse(text).unwrap();
            assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
        }
        for text in [
            "",
            "2api",
            "_api",
            "-api",
            "API",
            "a b",
            "a:b",
            "a.b",
            "a__b",
            "ä",
            &"a".repeat(65),
        ] {
            assert_eq!(ServiceClientId::parse(text), None, "{text}");
        }
    }
}

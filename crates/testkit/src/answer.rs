//! What the server answered.

use std::fmt;

use serde_json::Value;

/// Headers that say nothing about what the server decided.
const NOISE: &[&str] = &[
    "content-length",
    "date",
    "x-request-id",
    "x-content-type-options",
    "vary",
];

/// How many hexadecimal digits the key of a scrypt hash has.
const SCRYPT_KEY: usize = 128;

/// A whole answer; shown as it stands on the wire, for snapshots.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Every header in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body's text.
    pub body: String,
}

impl Answer {
    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The `Set-Cookie` lines, in order.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .map(|(_, line)| line.as_str())
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// Where it is none.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "a test that is answered otherwise than it expects has failed"
    )]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// Whether a hash of a password, in any form that is stored, stands anywhere in the answer.
    pub(crate) fn holds_a_hash(&self) -> bool {
        let texts = self.headers.iter().map(|(_, value)| value).chain([&self.body]);
        texts.into_iter().any(|text| {
            text.contains("$argon2")
                || text
                    .split(|character: char| !character.is_ascii_hexdigit())
                    .any(|run| run.len() >= SCRYPT_KEY)
        })
    }

    /// The `code` of an error's body; empty where there is none.
    #[must_use]
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body.get("code")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            if !NOISE.contains(&name.as_str()) {
                writeln!(f, "{name}: {value}")?;
            }
        }
        write!(f, "{}", self.body)
    }
}

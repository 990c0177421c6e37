//! A response of the server.

use std::fmt;

use serde_json::Value;

/// Headers that do not depend on the server's decision. `Connection` depends on whether the body of a request had arrived
/// when the request was rejected.
const NOISE: &[&str] = &[
    "connection",
    "content-length",
    "date",
    "x-request-id",
    "x-content-type-options",
    "vary",
];

/// Number of hexadecimal digits in the key of a scrypt hash.
const SCRYPT_KEY: usize = 128;

/// The name of the cookies that contain the encrypted state of a sign-in with a provider, in hexadecimal digits.
const ENCRYPTED_STATE: &str = "oauth_state";

/// A complete response. `Display` prints it as it is on the wire, for snapshots.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All headers in order, with names in lower case.
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
    /// If the body is not JSON.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that gets an unexpected response has failed")]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// Whether the response contains a password hash in any stored form.
    pub(crate) fn holds_a_hash(&self) -> bool {
        let headers = self.headers.iter().map(|(_, value)| value);
        let is_state = |line: &str| {
            line.split('=')
                .next()
                .is_some_and(|name| name.contains(ENCRYPTED_STATE))
        };
        let texts = headers.filter(|value| !is_state(value)).chain([&self.body]);
        texts.into_iter().any(|text| {
            text.contains("$argon2")
                || text
                    .split(|character: char| !character.is_ascii_hexdigit())
                    .any(|run| run.len() >= SCRYPT_KEY)
        })
    }

    /// The `code` of an error's body, or its `error` in OAuth's form; empty if there is none.
    #[must_use]
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body.get("code")
            .or_else(|| body.get("error"))
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

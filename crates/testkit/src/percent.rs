//! Percent-encoding of texts in URLs.

use std::fmt::Write as _;

/// Percent-encodes all bytes except letters and digits.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _a_string_accepts_every_text = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

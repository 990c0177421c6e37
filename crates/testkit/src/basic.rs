//! HTTP Basic, by which services authenticate themselves.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Returns the value of the header `Authorization` for this id and secret, as curl sends it.
#[must_use]
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

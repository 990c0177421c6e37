//! The header of JWEs.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;

/// The allowed members of a header. Others, such as compression, key derivation cost and extensions, are rejected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    alg: String,
    enc: String,
    pub(super) kid: Option<String>,
}

impl Header {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let header: Self = serde_json::from_slice(&text).ok()?;
        (header.alg == "dir" && header.enc == "A256CBC-HS512").then_some(header)
    }
}

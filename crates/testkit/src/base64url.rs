//! Decoding of base64url in tokens and cookies.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Decodes base64url without padding.
///
/// # Panics
///
/// If `text` is not base64url without padding.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot read its token fails")]
pub fn base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

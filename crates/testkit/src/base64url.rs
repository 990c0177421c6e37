//! What stands in tokens and cookies, read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// What a text in base64url without padding stands for.
///
/// # Panics
///
/// Where it is none.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot read its token fails")]
pub fn base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

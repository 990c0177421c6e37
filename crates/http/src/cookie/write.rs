//! Values of cookies, encoded and signed as Better Auth writes them.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis_application::ports::{Mac, Purpose};

/// What JavaScript's `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Encodes a value for a cookie.
pub(super) fn encoded(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, COMPONENT).into()
}

/// Signs a value as Better Auth signs cookies, and encodes it for a cookie.
#[must_use]
pub fn signed(value: &str, mac: &dyn Mac) -> String {
    signed_for(Purpose::Cookie, value, mac)
}

/// As [`signed`], for another purpose.
pub(super) fn signed_for(purpose: Purpose, value: &str, mac: &dyn Mac) -> String {
    let signature = STANDARD.encode(mac.tag(purpose, value.as_bytes()));
    encoded(&format!("{value}.{signature}")).into_owned()
}

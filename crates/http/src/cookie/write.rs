//! Writing cookies, to the byte as the reference writes them.

use std::fmt::Write as _;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
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
/// 400 days: browsers keep no cookie longer (RFC 6265bis).
const LONGEST: i64 = 34_560_000;

/// Writes cookies.
pub(super) struct Jar<'a> {
    pub(super) mac: &'a dyn Mac,
    pub(super) is_secure: bool,
}

impl Jar<'_> {
    /// Has a value kept, signed, for a time or until the browser closes.
    pub(super) fn keep(&self, response: &mut HeaderMap, name: &str, value: &str, time: Option<TimeDelta>) {
        let signature = STANDARD.encode(self.mac.tag(Purpose::Cookie, value.as_bytes()));
        let signed = format!("{value}.{signature}");
        let seconds = time.map(|time| time.num_seconds().clamp(0, LONGEST));
        self.write(
            response,
            format!("{name}={}", utf8_percent_encode(&signed, COMPONENT)),
            seconds,
        );
    }

    /// Has a cookie forgotten.
    pub(super) fn clear(&self, response: &mut HeaderMap, name: &str) {
        self.write(response, format!("{name}="), Some(0));
    }

    fn write(&self, response: &mut HeaderMap, mut cookie: String, max_age: Option<i64>) {
        if let Some(seconds) = max_age {
            let _writing_to_a_string_cannot_fail = write!(cookie, "; Max-Age={seconds}");
        }
        cookie.push_str("; Path=/; HttpOnly");
        if self.is_secure {
            cookie.push_str("; Secure");
        }
        cookie.push_str("; SameSite=Lax");
        if let Ok(line) = HeaderValue::from_maybe_shared(cookie) {
            response.append(header::SET_COOKIE, line);
        }
    }
}

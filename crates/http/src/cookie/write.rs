//! Writing of cookies, byte for byte as Better Auth writes them.

use std::{borrow::Cow, fmt::Write as _};

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis_application::ports::{Mac, Purpose};

use super::options::{Cookie, CookieAttributes, SECURE_PREFIX};

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
/// 400 days in seconds: browsers keep no cookie longer (RFC 6265bis).
const LONGEST: i64 = 34_560_000;

/// Encodes a value for a cookie.
pub(super) fn encoded(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, COMPONENT).into()
}

/// Signs a value as Better Auth signs cookies, and encodes it for a cookie.
pub(super) fn signed(value: &str, mac: &dyn Mac) -> String {
    signed_for(Purpose::Cookie, value, mac)
}

/// As [`signed`], for another purpose.
pub(super) fn signed_for(purpose: Purpose, value: &str, mac: &dyn Mac) -> String {
    let signature = STANDARD.encode(mac.tag(purpose, value.as_bytes()));
    encoded(&format!("{value}.{signature}")).into_owned()
}

/// Sets a cookie, for a time or until the browser closes.
pub(super) fn set(response: &mut HeaderMap, cookie: &Cookie, value: &str, time: Option<TimeDelta>) {
    set_as(response, cookie.name.as_str(), &cookie.attributes, value, time);
}

/// Sets a cookie under another name than its own.
pub(super) fn set_as(
    response: &mut HeaderMap,
    name: &str,
    attributes: &CookieAttributes,
    value: &str,
    time: Option<TimeDelta>,
) {
    let mut line = format!("{name}={value}");
    if let Some(time) = time {
        append(&mut line, "Max-Age", time.num_seconds().clamp(0, LONGEST));
    }
    if let Some(domain) = &attributes.domain {
        append(&mut line, "Domain", domain.as_str());
    }
    if let Some(path) = &attributes.path {
        append(&mut line, "Path", path.as_str());
    }
    if attributes.http_only {
        line.push_str("; HttpOnly");
    }
    if attributes.secure || name.starts_with(SECURE_PREFIX) {
        line.push_str("; Secure");
    }
    if let Some(same_site) = attributes.same_site {
        append(&mut line, "SameSite", same_site);
    }
    if attributes.partitioned {
        line.push_str("; Partitioned");
    }
    if let Ok(line) = HeaderValue::from_maybe_shared(line) {
        response.append(header::SET_COOKIE, line);
    }
}

/// Clears a cookie.
pub(super) fn clear(response: &mut HeaderMap, cookie: &Cookie) {
    clear_as(response, cookie.name.as_str(), &cookie.attributes);
}

/// Clears a cookie under another name than its own.
pub(super) fn clear_as(response: &mut HeaderMap, name: &str, attributes: &CookieAttributes) {
    set_as(response, name, attributes, "", Some(TimeDelta::zero()));
}

fn append(line: &mut String, name: &str, value: impl std::fmt::Display) {
    let _writing_to_a_string_cannot_fail = write!(line, "; {name}={value}");
}

//! Writing of cookies, byte for byte as Better Auth writes them.

use std::{borrow::Cow, fmt::Write as _};

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portcullis_application::ports::{Mac, Purpose};
use url::Url;

use super::{
    options::{Cookie, CookieAttributes, SECURE_PREFIX},
    twins::Twins,
};

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
#[must_use]
pub fn signed(value: &str, mac: &dyn Mac) -> String {
    signed_for(Purpose::Cookie, value, mac)
}

/// As [`signed`], for another purpose.
pub(super) fn signed_for(purpose: Purpose, value: &str, mac: &dyn Mac) -> String {
    let signature = STANDARD.encode(mac.tag(purpose, value.as_bytes()));
    encoded(&format!("{value}.{signature}")).into_owned()
}

/// Writes the cookies of a response.
pub(super) struct Writer<'a> {
    pub(super) request: &'a HeaderMap,
    pub(super) response: &'a mut HeaderMap,
    twins: Twins<'a>,
}

impl<'a> Writer<'a> {
    /// Writes into this response to a request that was sent to this server.
    pub(super) fn new(request: &'a HeaderMap, response: &'a mut HeaderMap, base_url: &'a Url) -> Self {
        Self {
            request,
            response,
            twins: Twins::new(request, base_url),
        }
    }

    /// Sets a cookie, for a time or until the browser closes.
    pub(super) fn set(&mut self, cookie: &Cookie, value: &str, time: Option<TimeDelta>) {
        self.set_as(cookie.name.as_str(), &cookie.attributes, value, time);
    }

    /// Sets a cookie under another name than its own.
    ///
    /// Its twins are cleared first: a client that does not distinguish them stores the cookie then.
    pub(super) fn set_as(
        &mut self,
        name: &str,
        attributes: &CookieAttributes,
        value: &str,
        time: Option<TimeDelta>,
    ) {
        for domain in self.twins.take(name, attributes.domain.as_ref()) {
            let twin = CookieAttributes {
                domain,
                ..attributes.clone()
            };
            self.append(line(name, &twin, "", Some(TimeDelta::zero())));
        }
        self.append(line(name, attributes, value, time));
    }

    /// Clears a cookie.
    pub(super) fn clear(&mut self, cookie: &Cookie) {
        self.clear_as(cookie.name.as_str(), &cookie.attributes);
    }

    /// Clears a cookie under another name than its own.
    pub(super) fn clear_as(&mut self, name: &str, attributes: &CookieAttributes) {
        self.set_as(name, attributes, "", Some(TimeDelta::zero()));
    }

    /// Removes the lines of these cookies if one of them has a value. Returns whether it has removed them.
    pub(super) fn remove(&mut self, is_meant: impl Fn(&[u8]) -> bool) -> bool {
        let has_value = |line: &HeaderValue| {
            let (name, value) = pair(line);
            is_meant(name) && !value.is_empty()
        };
        if !self.response.get_all(header::SET_COOKIE).any(has_value) {
            return false;
        }
        let lines: Vec<_> = self.response.remove(header::SET_COOKIE).collect();
        for line in lines.into_iter().filter(|line| !is_meant(pair(line).0)) {
            self.response.append(header::SET_COOKIE, line);
        }
        true
    }

    fn append(&mut self, line: String) {
        if let Ok(line) = HeaderValue::from_maybe_shared(line) {
            self.response.append(header::SET_COOKIE, line);
        }
    }
}

/// Returns the name and the value of the cookie that a line sets.
fn pair(line: &HeaderValue) -> (&[u8], &[u8]) {
    let pair = line
        .as_bytes()
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
    let (name, value) = pair.split_at(equals);
    (name, value.get(1..).unwrap_or_default())
}

/// Returns the line that sets a cookie.
fn line(name: &str, attributes: &CookieAttributes, value: &str, time: Option<TimeDelta>) -> String {
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
    line
}

fn append(line: &mut String, name: &str, value: impl std::fmt::Display) {
    let _writing_to_a_string_cannot_fail = write!(line, "; {name}={value}");
}

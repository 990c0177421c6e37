//! Lines that set cookies, byte for byte as Better Auth writes them.

use std::fmt::Write as _;

use actix_web::http::header::HeaderValue;
use chrono::TimeDelta;

use super::options::{CookieAttributes, SECURE_PREFIX};

/// 400 days in seconds: browsers keep no cookie longer (RFC 6265bis).
const LONGEST: i64 = 34_560_000;

/// Returns the name and the value of the cookie that a line sets.
pub(super) fn pair(line: &HeaderValue) -> (&[u8], &[u8]) {
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
pub(super) fn line(
    name: &str,
    attributes: &CookieAttributes,
    value: &str,
    time: Option<TimeDelta>,
) -> String {
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

//! The claims of the two kinds of JWT.

use chrono::{DateTime, Utc};
use portcullis_application::ports::CopiedSession;
use serde_json::{Map, Value};

use super::{
    from_members,
    json::{self, Dates},
    write_members,
};

/// The claims as JSON: the members, when it was written, its end and, where there is one, its name.
pub(super) fn write(session: &CopiedSession, name: Option<&str>) -> Vec<u8> {
    let (start, end) = (session.updated_at.timestamp(), session.expires_at.timestamp());
    let mut claims = b"{".to_vec();
    write_members(&mut claims, session, Dates::Kept);
    claims.extend(format!(",\"iat\":{start},\"exp\":{end}").bytes());
    if let Some(name) = name {
        claims.extend(b",\"jti\":");
        json::write_text(&mut claims, name, Dates::Kept);
    }
    claims.push(b'}');
    claims
}

/// What genuine claims say that have begun and not expired, by a clock that may be so many seconds off. Claims without
/// an end are none.
pub(super) fn read(claims: &[u8], now: DateTime<Utc>, tolerance: i64) -> Option<CopiedSession> {
    let claims: Map<String, Value> = serde_json::from_slice(claims).ok()?;
    let now = now.timestamp();
    let end = claims.get("exp")?.as_i64()?;
    let has_begun = match claims.get("nbf") {
        Some(start) => start.as_i64()? <= now + tolerance,
        None => true,
    };
    let is_good = has_begun && end > now - tolerance && claims.get("iat").is_none_or(Value::is_number);
    let expires_at = DateTime::from_timestamp(end, 0)?;
    is_good.then(|| from_members(claims, expires_at))?
}

//! The claims of sessions in signed and encrypted JWTs.

use chrono::{DateTime, Utc};
use portcullis_application::ports::CachedSession;
use serde_json::{Map, Value};

use super::{
    from_members,
    json::{self, Dates},
    write_members,
};

/// Returns the claims as JSON: the session's members, `iat`, `exp` and, if it is given, `jti`.
pub(super) fn write(session: &CachedSession, jti: Option<&str>) -> Vec<u8> {
    let (start, end) = (session.updated_at.timestamp(), session.expires_at.timestamp());
    let mut claims = b"{".to_vec();
    write_members(&mut claims, session, Dates::Kept);
    claims.extend(format!(",\"iat\":{start},\"exp\":{end}").bytes());
    if let Some(jti) = jti {
        claims.extend(b",\"jti\":");
        json::write_text(&mut claims, jti, Dates::Kept);
    }
    claims.push(b'}');
    claims
}

/// Returns the session of genuine claims, or `None` if they are malformed, have no `exp`, have expired or are not valid
/// yet. `tolerance` is the allowed clock difference in seconds.
pub(super) fn read(claims: &[u8], now: DateTime<Utc>, tolerance: i64) -> Option<CachedSession> {
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

//! The claims of sessions in signed and encrypted JWTs.

use chrono::{DateTime, Utc};
use portcullis_application::ports::CachedSession;

use super::{
    from_members,
    json::{self, Dates},
    write_members,
};
use crate::claims::LiveClaims;

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

/// Returns the session of genuine claims, or `None` if they are not valid now, or not a session's. `tolerance` is the allowed
/// clock difference in seconds.
pub(super) fn read(claims: &[u8], now: DateTime<Utc>, tolerance: i64) -> Option<CachedSession> {
    let claims = LiveClaims::parse(claims, now, tolerance)?;
    from_members(claims.members, claims.expires_at)
}

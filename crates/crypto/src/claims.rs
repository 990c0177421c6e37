//! The claims of JWTs that clients store: when they are valid.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// Claims that are valid now.
pub(crate) struct LiveClaims {
    pub(crate) members: Map<String, Value>,
    pub(crate) expires_at: DateTime<Utc>,
}

impl LiveClaims {
    /// Parses genuine claims, or returns `None` if they are malformed, have no `exp`, have expired or are not valid yet.
    /// `tolerance` is the allowed clock difference in seconds.
    pub(crate) fn parse(claims: &[u8], now: DateTime<Utc>, tolerance: i64) -> Option<Self> {
        let members: Map<String, Value> = serde_json::from_slice(claims).ok()?;
        let now = now.timestamp();
        let end = members.get("exp")?.as_i64()?;
        let has_begun = match members.get("nbf") {
            Some(start) => start.as_i64()? <= now + tolerance,
            None => true,
        };
        let is_good = has_begun && end > now - tolerance && members.get("iat").is_none_or(Value::is_number);
        let expires_at = DateTime::from_timestamp(end, 0)?;
        is_good.then_some(Self { members, expires_at })
    }
}

//! The session cookie cache, in Better Auth's three encodings.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// How a session is written into a cookie: `session.cookie_cache.strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Base64url of JSON with an HMAC.
    Compact,
    /// A JWT, HS256.
    Jwt,
    /// An encrypted JWT, `dir` and `A256CBC-HS512`.
    Jwe,
}

/// The content of a session cookie cache: the session and the user as clients see them, with JSON keys in Better Auth's
/// order.
#[derive(Clone, Debug, PartialEq)]
pub struct CachedSession {
    /// The session as JSON.
    pub session: Value,
    /// The user as JSON.
    pub user: Value,
    /// When the cookie was written.
    pub updated_at: DateTime<Utc>,
    /// The configured version of the cache.
    pub version: String,
    /// When the cookie expires.
    pub expires_at: DateTime<Utc>,
}

/// Writes and reads session cookie caches. The caller of `open` decides whether the content is still valid.
pub trait SessionCacheCodec: Send + Sync {
    /// Returns the cookie's value.
    fn seal(&self, encoding: Encoding, session: &CachedSession) -> String;

    /// Returns the content of a cookie's value, or `None` if it is malformed or its signature is invalid. An expired
    /// JWT or JWE is `None` as well.
    fn open(&self, encoding: Encoding, text: &str, now: DateTime<Utc>) -> Option<CachedSession>;
}

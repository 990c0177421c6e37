//! Sessions in a cookie, in the reference's three encodings.

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

/// A session as it stands in a cookie: what clients see of it and of its user, in the reference's order of keys.
#[derive(Clone, Debug, PartialEq)]
pub struct CopiedSession {
    /// The session as JSON.
    pub session: Value,
    /// The user as JSON.
    pub user: Value,
    /// When it was written.
    pub updated_at: DateTime<Utc>,
    /// Which version of what is written.
    pub version: String,
    /// From then on it counts no more.
    pub expires_at: DateTime<Utc>,
}

/// Writes and reads such cookies. They never say more than they are: whether one still counts is for others to judge.
pub trait SessionSealer: Send + Sync {
    /// The cookie's text.
    fn seal(&self, encoding: Encoding, session: &CopiedSession) -> String;

    /// What stands in the text; none where it is not ours, whatever is wrong with it. For the two kinds of JWT one
    /// that has expired is none.
    fn open(&self, encoding: Encoding, text: &str, now: DateTime<Utc>) -> Option<CopiedSession>;
}

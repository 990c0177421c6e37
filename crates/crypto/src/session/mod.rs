//! The session cookie cache, in Better Auth's three encodings.

mod claims;
mod compact;
mod iso_date;
mod json;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::ports::{CachedSession, Encoding, Random, SessionCacheCodec};
use serde_json::{Map, Value};

use self::json::Dates;
use crate::{
    hs256::Hs256,
    jwe::{self, Jwe},
    secrets::Secrets,
};

/// The salt of the encryption key.
const SALT: &[u8] = b"better-auth-session";
/// Maximum length of a text, checked first. The headers of a request are much shorter.
const LONGEST: usize = 64 * 1024;
/// The version of a session that has none, as in Better Auth.
const FIRST_VERSION: &str = "1";

/// Seals sessions for cookies and opens them.
pub struct SessionCookies {
    hs256: Hs256,
    jwe: Jwe,
}

impl SessionCookies {
    /// Signs with the secrets themselves and encrypts with keys that are derived from them, as Better Auth does.
    /// `random` is the source of initialisation vectors and token ids.
    #[must_use]
    pub fn new(secrets: &Secrets, random: Arc<dyn Random>) -> Self {
        Self {
            hs256: Hs256::new(secrets),
            jwe: Jwe::new(secrets, SALT, random),
        }
    }
}

impl SessionCacheCodec for SessionCookies {
    fn seal(&self, encoding: Encoding, session: &CachedSession) -> String {
        match encoding {
            Encoding::Compact => compact::seal(&self.hs256, session),
            Encoding::Jwt => self.hs256.sign(&claims::write(session, None)),
            Encoding::Jwe => self.jwe.seal(|jti| claims::write(session, Some(jti))),
        }
    }

    fn open(&self, encoding: Encoding, text: &str, now: DateTime<Utc>) -> Option<CachedSession> {
        if text.len() > LONGEST {
            return None;
        }
        match encoding {
            Encoding::Compact => compact::open(&self.hs256, text),
            Encoding::Jwt => claims::read(&self.hs256.verified(text)?, now, 0),
            Encoding::Jwe => claims::read(&self.jwe.open(text)?, now, jwe::TOLERANCE),
        }
    }
}

/// Writes the members that every encoding has, in Better Auth's order and without braces.
fn write_members(out: &mut Vec<u8>, session: &CachedSession, dates: Dates) {
    out.extend(b"\"session\":");
    json::write(out, &session.session, dates);
    out.extend(b",\"user\":");
    json::write(out, &session.user, dates);
    out.extend(format!(",\"updatedAt\":{}", session.updated_at.timestamp_millis()).bytes());
    out.extend(b",\"version\":");
    json::write_text(out, &session.version, dates);
}

/// Returns the session of these members, whose signature has been verified, or `None` if they are not a session's.
fn from_members(mut members: Map<String, Value>, expires_at: DateTime<Utc>) -> Option<CachedSession> {
    let version = match members.remove("version") {
        Some(Value::String(version)) => version,
        Some(_) => return None,
        None => FIRST_VERSION.to_owned(),
    };
    Some(CachedSession {
        session: members.remove("session").filter(Value::is_object)?,
        user: members.remove("user").filter(Value::is_object)?,
        updated_at: DateTime::from_timestamp_millis(members.get("updatedAt")?.as_i64()?)?,
        version,
        expires_at,
    })
}

#[cfg(test)]
mod tests;

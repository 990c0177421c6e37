//! Sessions in a cookie, in the reference's three encodings.

mod claims;
mod compact;
mod iso_date;
mod json;
mod jwe;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_application::ports::{CopiedSession, Encoding, Random, SessionSealer};
use serde_json::{Map, Value};

use self::{json::Dates, jwe::Jwe};
use crate::{hs256::Hs256, secrets::Secrets};

/// Longer texts are refused before anything is done with them: what a request may carry is a fraction of it.
const LONGEST: usize = 64 * 1024;
/// The version of what does not tell its own, as in the reference.
const FIRST_VERSION: &str = "1";

/// Writes sessions into cookies and reads them.
pub struct SessionCookies {
    hs256: Hs256,
    jwe: Jwe,
}

impl SessionCookies {
    /// Signs with the secrets themselves and encrypts with keys that are made of them, as the reference does; this
    /// source says what must differ from one cookie to another.
    #[must_use]
    pub fn new(secrets: &Secrets, random: Arc<dyn Random>) -> Self {
        Self {
            hs256: Hs256::new(secrets),
            jwe: Jwe::new(secrets, random),
        }
    }
}

impl SessionSealer for SessionCookies {
    fn seal(&self, encoding: Encoding, session: &CopiedSession) -> String {
        match encoding {
            Encoding::Compact => compact::seal(&self.hs256, session),
            Encoding::Jwt => self.hs256.sign(&claims::write(session, None)),
            Encoding::Jwe => self.jwe.seal(session),
        }
    }

    fn open(&self, encoding: Encoding, text: &str, now: DateTime<Utc>) -> Option<CopiedSession> {
        if text.len() > LONGEST {
            return None;
        }
        match encoding {
            Encoding::Compact => compact::open(&self.hs256, text),
            Encoding::Jwt => claims::read(&self.hs256.verified(text)?, now, 0),
            Encoding::Jwe => self.jwe.open(text, now),
        }
    }
}

/// The members of every encoding in the reference's order, without the braces around them.
fn write_members(out: &mut Vec<u8>, session: &CopiedSession, dates: Dates) {
    out.extend(b"\"session\":");
    json::write(out, &session.session, dates);
    out.extend(b",\"user\":");
    json::write(out, &session.user, dates);
    out.extend(format!(",\"updatedAt\":{}", session.updated_at.timestamp_millis()).bytes());
    out.extend(b",\"version\":");
    json::write_text(out, &session.version, dates);
}

/// What these members say, whose signature is good. What has no session and no user is something else.
fn from_members(mut members: Map<String, Value>, expires_at: DateTime<Utc>) -> Option<CopiedSession> {
    let version = match members.remove("version") {
        Some(Value::String(version)) => version,
        Some(_) => return None,
        None => FIRST_VERSION.to_owned(),
    };
    Some(CopiedSession {
        session: members.remove("session").filter(Value::is_object)?,
        user: members.remove("user").filter(Value::is_object)?,
        updated_at: DateTime::from_timestamp_millis(members.get("updatedAt")?.as_i64()?)?,
        version,
        expires_at,
    })
}

#[cfg(test)]
mod tests;

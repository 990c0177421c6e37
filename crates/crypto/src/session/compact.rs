//! The compact encoding: base64url of JSON with an HMAC.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use portcullis_application::ports::CachedSession;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    from_members,
    json::{self, Dates},
    write_members,
};
use crate::hs256::Hs256;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope {
    session: Map<String, Value>,
    expires_at: i64,
    signature: String,
}

/// Signs and encodes a session. The signature does not cover the text itself, but the JSON after Better Auth has parsed
/// it, which rewrites texts that look like dates. So it also verifies there if a user's name looks like a date.
pub(super) fn seal(hs256: &Hs256, session: &CachedSession) -> String {
    let end = format!(",\"expiresAt\":{}", session.expires_at.timestamp_millis());
    let mut signed = b"{".to_vec();
    write_members(&mut signed, session, Dates::Revived);
    signed.extend(end.bytes());
    signed.push(b'}');

    let mut text = b"{\"session\":{".to_vec();
    write_members(&mut text, session, Dates::Kept);
    text.push(b'}');
    text.extend(end.bytes());
    text.extend(format!(",\"signature\":\"{}\"}}", hs256.signature(&signed)).bytes());
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

pub(super) fn open(hs256: &Hs256, text: &str) -> Option<CachedSession> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let Envelope {
        session: mut members,
        expires_at: end,
        signature,
    } = serde_json::from_slice(&text).ok()?;
    let expires_at = DateTime::from_timestamp_millis(end)?;

    members.insert("expiresAt".to_owned(), end.into());
    let members = Value::Object(members);
    let mut signed = Vec::with_capacity(text.len());
    json::write(&mut signed, &members, Dates::Revived);
    match members {
        Value::Object(members) if hs256.is_signature(&signed, &signature) => {
            from_members(members, expires_at)
        }
        _ => None,
    }
}

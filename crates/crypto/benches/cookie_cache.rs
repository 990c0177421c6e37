//! The three encodings of the session cookie cache.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use divan::{Bencher, black_box};
use portcullis_application::ports::{CachedSession, Encoding, SessionCacheCodec};
use portcullis_crypto::{OsRandom, Secrets, SessionCookies};
use portcullis_domain::secret::Secret;
use serde_json::json;

const ENCODINGS: [Encoding; 3] = [Encoding::Compact, Encoding::Jwt, Encoding::Jwe];

fn main() {
    divan::main();
}

fn cookies() -> SessionCookies {
    let secret = Secret::new("a secret of more than thirty-two characters".to_owned());
    SessionCookies::new(&Secrets::new(secret, Vec::new()), Arc::new(OsRandom))
}

/// A session and a user with values of usual lengths.
fn session() -> CachedSession {
    let id = "0123456789abcdef0123456789abcdef";
    let time = "2026-01-01T00:00:00.000Z";
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_454);
    CachedSession {
        session: json!({
            "expiresAt": time, "token": id, "createdAt": time, "updatedAt": time, "ipAddress": "203.0.113.7",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "userId": id, "id": id,
        }),
        user: json!({
            "name": "Ada Lovelace", "email": "ada@example.com", "emailVerified": true, "image": null,
            "createdAt": time, "updatedAt": time, "id": id,
        }),
        updated_at: now,
        version: "1".to_owned(),
        expires_at: now + TimeDelta::minutes(5),
    }
}

#[divan::bench(args = ENCODINGS)]
fn seal(bencher: Bencher<'_, '_>, encoding: Encoding) {
    let (cookies, session) = (cookies(), session());
    bencher.bench(|| cookies.seal(encoding, black_box(&session)));
}

#[divan::bench(args = ENCODINGS)]
fn open(bencher: Bencher<'_, '_>, encoding: Encoding) {
    let (cookies, session) = (cookies(), session());
    let text = cookies.seal(encoding, &session);
    assert!(cookies.open(encoding, &text, session.updated_at).is_some());
    bencher.bench(|| cookies.open(encoding, black_box(&text), session.updated_at));
}

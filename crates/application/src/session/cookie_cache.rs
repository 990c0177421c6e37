//! The session cookie cache: reading the caller's session needs no database.
//!
//! The cache is only used to read a session, until it expires. Nothing is changed, signed or renewed on the basis of
//! the cache: a client whose session was revoked or whose user was deleted can still read it until then, and can do
//! nothing else with it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{session::Session, token::SessionToken};
use serde_json::Value;

use crate::ports::{CachedSession, Clock, Encoding, Ports, SessionCacheCodec};

/// How long a compact cache of a session that ends with the browser is valid, as in Better Auth.
const COMPACT_NOT_REMEMBERED: TimeDelta = TimeDelta::seconds(60);
/// The same for JWT and JWE.
const JWT_NOT_REMEMBERED: TimeDelta = TimeDelta::seconds(300);

/// Options of the session cookie cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCookieCacheOptions {
    /// The encoding of the cookie.
    pub encoding: Encoding,
    /// How long a cookie is valid.
    pub max_age: TimeDelta,
    /// The version to write; cookies of another version are rejected.
    pub version: String,
}

/// A session cookie cache for a client to store.
#[derive(Debug, PartialEq, Eq)]
pub struct SessionCacheValue {
    /// The cookie's value.
    pub text: String,
    /// How long to store it. `None`: until the browser closes.
    pub lifetime: Option<TimeDelta>,
}

/// Writes and validates session cookie caches.
pub struct SessionCookieCache {
    sealer: Arc<dyn SessionCacheCodec>,
    clock: Arc<dyn Clock>,
    options: SessionCookieCacheOptions,
}

impl SessionCookieCache {
    /// Creates the cache with these options.
    #[must_use]
    pub fn new(ports: &Ports, options: SessionCookieCacheOptions) -> Self {
        Self {
            sealer: Arc::clone(&ports.session_cache_codec),
            clock: Arc::clone(&ports.clock),
            options,
        }
    }

    /// Writes a session, given as clients see the session and the user. The cache never outlives the session.
    #[must_use]
    pub fn copy(&self, of: &Session, session: Value, user: Value, remembered: bool) -> SessionCacheValue {
        let now = self.clock.now();
        let end = now + self.age(remembered);
        let cached = CachedSession {
            session,
            user,
            updated_at: now,
            version: self.options.version.clone(),
            expires_at: end.min(of.expires_at),
        };
        SessionCacheValue {
            text: self.sealer.seal(self.options.encoding, &cached),
            lifetime: remembered.then_some(self.options.max_age),
        }
    }

    /// Returns the content of a cache that a client presents together with this token. `None` if it is invalid: its
    /// signature is wrong, it belongs to another token's session, has another version, or has expired.
    #[must_use]
    pub fn read(&self, text: &str, token: &SessionToken) -> Option<CachedSession> {
        let now = self.clock.now();
        let copy = self.sealer.open(self.options.encoding, text, now)?;
        let is_of_token = copy.session.get("token").and_then(Value::as_str) == Some(token.expose());
        let is_valid = is_of_token
            && copy.version == self.options.version
            && copy.expires_at >= now
            && date(&copy.session, "expiresAt").is_some_and(|end| end >= now);
        is_valid.then_some(copy)
    }

    fn age(&self, remembered: bool) -> TimeDelta {
        match self.options.encoding {
            _ if remembered => self.options.max_age,
            Encoding::Compact => COMPACT_NOT_REMEMBERED,
            Encoding::Jwt | Encoding::Jwe => JWT_NOT_REMEMBERED,
        }
    }
}

fn date(session: &Value, name: &str) -> Option<DateTime<Utc>> {
    let text = session.get(name)?.as_str()?;
    Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{
        FakePorts, FakeStore,
        fixtures::{a_session, start},
    };

    fn cache(fake: &FakePorts, encoding: Encoding) -> SessionCookieCache {
        let options = SessionCookieCacheOptions {
            encoding,
            max_age: TimeDelta::minutes(5),
            version: "1".to_owned(),
        };
        SessionCookieCache::new(&fake.ports, options)
    }

    fn copy(cache: &SessionCookieCache, remembered: bool) -> SessionCacheValue {
        let session = a_session();
        let view = json!({ "token": session.token.expose(), "expiresAt": session.expires_at.to_rfc3339() });
        cache.copy(&session, view, json!({ "id": "user-1" }), remembered)
    }

    #[test]
    fn a_cookie_cache_is_valid_until_it_expires_and_only_with_its_own_token() {
        let fake = FakePorts::with_store(FakeStore::default());
        let cache = cache(&fake, Encoding::Compact);
        let copy = copy(&cache, true);
        assert_eq!(copy.lifetime, Some(TimeDelta::minutes(5)));
        let token = a_session().token;
        fake.clock.advance(TimeDelta::minutes(5));
        assert_eq!(cache.read(&copy.text, &token).unwrap().updated_at, start());
        assert_eq!(cache.read(&copy.text, &SessionToken::new("another")), None);
        fake.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(cache.read(&copy.text, &token), None);
    }

    #[test]
    fn a_cookie_cache_of_a_session_that_is_not_remembered_is_short_lived() {
        for (encoding, age) in [
            (Encoding::Compact, 60),
            (Encoding::Jwt, 300),
            (Encoding::Jwe, 300),
        ] {
            let fake = FakePorts::with_store(FakeStore::default());
            let cache = cache(&fake, encoding);
            let copy = copy(&cache, false);
            assert_eq!(copy.lifetime, None);
            fake.clock.advance(TimeDelta::seconds(age));
            assert!(cache.read(&copy.text, &a_session().token).is_some());
            fake.clock.advance(TimeDelta::milliseconds(1));
            assert!(cache.read(&copy.text, &a_session().token).is_none());
        }
    }

    #[test]
    fn a_cookie_cache_of_another_version_or_encoding_is_rejected() {
        let fake = FakePorts::with_store(FakeStore::default());
        let mut cache = cache(&fake, Encoding::Compact);
        let copy = copy(&cache, true);
        cache.options.version = "2".to_owned();
        assert_eq!(cache.read(&copy.text, &a_session().token), None);
        cache.options.version = "1".to_owned();
        cache.options.encoding = Encoding::Jwt;
        assert_eq!(cache.read(&copy.text, &a_session().token), None);
    }

    #[test]
    fn a_cookie_cache_never_outlives_its_session() {
        let fake = FakePorts::with_store(FakeStore::default());
        let cache = cache(&fake, Encoding::Compact);
        fake.clock.advance(TimeDelta::days(7) - TimeDelta::minutes(1));
        let copy = copy(&cache, true);
        fake.clock.advance(TimeDelta::minutes(1));
        assert!(cache.read(&copy.text, &a_session().token).is_some());
        fake.clock.advance(TimeDelta::milliseconds(1));
        assert!(cache.read(&copy.text, &a_session().token).is_none());
    }
}

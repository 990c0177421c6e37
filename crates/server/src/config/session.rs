//! Lifetimes of sessions, and the session cookie cache.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use portcullis_application::{
    ports::Encoding,
    session::{SessionCookieCacheOptions, SessionOptions},
};
use portcullis_domain::{additional::FieldSchema, session::SessionPolicy};

use super::{
    declare::{FOUR_HUNDRED_DAYS, SECONDS, boolean, choice, lifetime, number, text},
    key::{Declaration, Key, Range},
    settings::Settings,
};

const EXPIRES_IN: Key<TimeDelta> = number(
    "session.expires_in",
    Range::new(1, FOUR_HUNDRED_DAYS, SECONDS),
    "Lifetime of a remembered session, counted from its start or its last renewal.",
)
.or("604800");
const UPDATE_AGE: Key<TimeDelta> = number(
    "session.update_age",
    Range::new(0, FOUR_HUNDRED_DAYS, SECONDS),
    "Minimum age at which a session is renewed when it is read. At most `session.expires_in`.",
)
.or("86400");
const FRESH_AGE: Key<TimeDelta> = number("session.fresh_age", Range::new(0, FOUR_HUNDRED_DAYS, SECONDS), "Maximum age of a session that may unlink an account, register a passkey, or delete its user without a password. 0: no maximum.").or("86400");
const MAX_PER_USER: Key<u32> = number("session.max_per_user", Range::new(0, 100_000, "sessions"), "Maximum number of live sessions per user. When a new session exceeds it, the oldest ones are revoked. 0: no maximum.").or("1000");
const CACHE_ENABLED: Key<bool> = boolean("session.cookie_cache.enabled", "Store a copy of the session in a cookie, which answers `GET /get-session` without the database. No other endpoint trusts the copy.").or("false");
const CACHE_MAX_AGE: Key<TimeDelta> = lifetime("session.cookie_cache.max_age", "Lifetime of the copy. A revoked session may still be returned for this long. At most `session.expires_in`.").or("300");
const CACHE_STRATEGY: Key<String> = choice("session.cookie_cache.strategy", &["compact", "jwt", "jwe"], "Format of the copy: `compact` is signed in Better Auth's own format, `jwt` is a signed JWT, `jwe` is an encrypted JWT.").or("compact");
const CACHE_VERSION: Key<String> = text("session.cookie_cache.version", "Version of the copy. Copies with another version are not accepted: a new version invalidates all existing copies.").or("1");
const REFRESH_CACHE: Key<bool> = boolean(
    "session.cookie_cache.refresh_cache",
    "Must be `false`, as in Better Auth with a database; `true` is rejected.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const LIFETIME_KEYS: &[&Declaration] = &[
    &EXPIRES_IN.declaration,
    &UPDATE_AGE.declaration,
    &FRESH_AGE.declaration,
    &MAX_PER_USER.declaration,
];

/// The keys of the session cookie cache, in the order of the documentation.
pub(super) const CACHE_KEYS: &[&Declaration] = &[
    &CACHE_ENABLED.declaration,
    &CACHE_MAX_AGE.declaration,
    &CACHE_STRATEGY.declaration,
    &CACHE_VERSION.declaration,
    &REFRESH_CACHE.declaration,
];

/// Reads the options of sessions.
pub(super) fn read(settings: &mut Settings, fields: FieldSchema) -> SessionOptions {
    SessionOptions {
        policy: policy(settings),
        max_per_user: max_per_user(settings),
        fields,
    }
}

/// Reads the policy. Refuses an `update_age` above the lifetime: no session would ever be renewed.
fn policy(settings: &mut Settings) -> SessionPolicy {
    let policy = SessionPolicy {
        expires_in: settings.get(&EXPIRES_IN),
        update_age: settings.get(&UPDATE_AGE),
        fresh_age: settings.get(&FRESH_AGE),
    };
    if policy.update_age > policy.expires_in {
        let key = settings.first_given(&UPDATE_AGE, &[&EXPIRES_IN]);
        settings.refuse(
            key,
            "`session.update_age` must not be greater than `session.expires_in`: no session would ever be renewed",
        );
    }
    policy
}

/// Returns the maximum number of live sessions per user. `None`: no maximum.
fn max_per_user(settings: &Settings) -> Option<NonZeroU32> {
    NonZeroU32::new(settings.get(&MAX_PER_USER))
}

/// Returns the options of the session cookie cache, or `None` if it is disabled.
pub(super) fn cache(settings: &mut Settings, policy: SessionPolicy) -> Option<SessionCookieCacheOptions> {
    if settings.get(&REFRESH_CACHE) {
        settings.refuse(
            &REFRESH_CACHE,
            "`session.cookie_cache.refresh_cache` must be `false`: a copy that renews itself would outlive its session; with a database, Better Auth disables it, too",
        );
    }
    let is_on = settings.get(&CACHE_ENABLED);
    let options = SessionCookieCacheOptions {
        encoding: match settings.get(&CACHE_STRATEGY).as_str() {
            "jwt" => Encoding::Jwt,
            "jwe" => Encoding::Jwe,
            _ => Encoding::Compact,
        },
        max_age: cache_age(settings),
        version: settings.get(&CACHE_VERSION),
    };
    check_age(settings, is_on, options.max_age, policy.expires_in);
    is_on.then_some(options)
}

/// Returns the lifetime of copies in cookies. The copy of an account has it even if the session cookie cache is disabled.
pub(super) fn cache_age(settings: &Settings) -> TimeDelta {
    settings.get(&CACHE_MAX_AGE)
}

fn check_age(settings: &mut Settings, is_on: bool, max_age: TimeDelta, expires_in: TimeDelta) {
    if is_on && max_age > expires_in {
        let key = settings.first_given(&CACHE_MAX_AGE, &[&EXPIRES_IN]);
        settings.refuse(
            key,
            "`session.cookie_cache.max_age` must not be greater than `session.expires_in`: a copy would outlive its session",
        );
    }
}

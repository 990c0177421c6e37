//! Lifetimes of sessions, and the session cookie cache.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use portcullis_application::{
    ports::Encoding,
    session::{SessionCookieCacheOptions, SessionOptions},
};
use portcullis_domain::{additional::FieldSchema, session::SessionPolicy};

use super::{number::span, settings::Settings};

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
        expires_in: span(settings, "session.expires_in"),
        update_age: span(settings, "session.update_age"),
        fresh_age: span(settings, "session.fresh_age"),
    };
    if policy.update_age > policy.expires_in {
        let key = settings.first_given(["session.update_age", "session.expires_in"]);
        settings.refuse(
            key,
            "`session.update_age` must not be greater than `session.expires_in`: no session would ever be renewed",
        );
    }
    policy
}

/// Returns the maximum number of live sessions per user. `None`: no maximum.
fn max_per_user(settings: &Settings) -> Option<NonZeroU32> {
    let most = settings.number("session.max_per_user")?;
    NonZeroU32::new(u32::try_from(most).unwrap_or(u32::MAX))
}

/// Returns the options of the session cookie cache, or `None` if it is disabled.
pub(super) fn cache(settings: &mut Settings, policy: SessionPolicy) -> Option<SessionCookieCacheOptions> {
    if settings.boolean("session.cookie_cache.refresh_cache") == Some(true) {
        settings.refuse(
            "session.cookie_cache.refresh_cache",
            "`session.cookie_cache.refresh_cache` must be `false`: a copy that renews itself would outlive its session; with a database, Better Auth disables it, too",
        );
    }
    let is_on = settings.boolean("session.cookie_cache.enabled") == Some(true);
    let options = SessionCookieCacheOptions {
        encoding: match settings.text("session.cookie_cache.strategy").as_deref() {
            Some("jwt") => Encoding::Jwt,
            Some("jwe") => Encoding::Jwe,
            _ => Encoding::Compact,
        },
        max_age: span(settings, "session.cookie_cache.max_age"),
        version: settings.text("session.cookie_cache.version").unwrap_or_default(),
    };
    check_age(settings, is_on, options.max_age, policy.expires_in);
    is_on.then_some(options)
}

fn check_age(settings: &mut Settings, is_on: bool, max_age: TimeDelta, expires_in: TimeDelta) {
    if is_on && max_age > expires_in {
        let key = settings.first_given(["session.cookie_cache.max_age", "session.expires_in"]);
        settings.refuse(
            key,
            "`session.cookie_cache.max_age` must not be greater than `session.expires_in`: a copy would outlive its session",
        );
    }
}

//! API keys.

mod keys;

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use portcullis_application::api_key::ApiKeyOptions;
use portcullis_domain::{
    access::Statements,
    additional::FieldSchema,
    api_key::{ApiKey, DIGEST_LENGTH, KeyPolicy, KeyRateLimit},
};
use portcullis_http::KeyHeaders;

use self::keys::{
    DEFAULT_LIFETIME, DEFAULT_PREFIX, DISABLE_HASHING, ENABLED, FIXED_LIFETIME, HEADERS, LENGTH,
    MAX_LIFETIME, MAX_NAME, MAX_PER_USER, MAX_PREFIX, MAX_REQUESTS, METADATA, MIN_LIFETIME, MIN_NAME,
    MIN_PREFIX, PERMISSIONS, RATE_LIMIT, REQUIRE_NAME, SESSIONS, SHOULD_STORE, START_LENGTH, WINDOW,
};
pub(super) use self::keys::{KEYS, SCHEMA};
use super::{key::Key, settings::Settings};

const SECTION: &str = "plugins.api_key";
const MILLISECONDS: i32 = 1000;
/// The random letters of a key that are never stored as they are.
const HIDDEN_LETTERS: usize = 32;

/// Options of API keys.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKeyConfig {
    /// Options of the use cases.
    pub options: ApiKeyOptions,
    /// The headers in which requests present keys instead of sessions. `None`: keys do not stand for sessions.
    pub headers: Option<KeyHeaders>,
}

/// Returns the table of the plugin, if it is enabled. A deployment adds no fields to it.
pub(super) fn tables(settings: &mut Settings) -> Vec<(&'static str, FieldSchema)> {
    let is_on = is_on(settings);
    is_on
        .then(|| ("apikey", FieldSchema::default()))
        .into_iter()
        .collect()
}

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the options, or `None` if there are no API keys.
pub(super) fn read(settings: &mut Settings, session_lifetime: TimeDelta) -> Option<ApiKeyConfig> {
    let is_on = is_on(settings);
    let policy = policy(settings);
    check_lengths(settings, &policy);
    let headers = headers(settings);
    is_on.then_some(ApiKeyConfig {
        options: ApiKeyOptions {
            policy,
            session_lifetime,
        },
        headers,
    })
}

fn policy(settings: &mut Settings) -> KeyPolicy {
    KeyPolicy {
        length: settings.get(&LENGTH),
        default_prefix: prefix(settings),
        prefix_length: between(settings, &MIN_PREFIX, &MAX_PREFIX),
        name_length: between(settings, &MIN_NAME, &MAX_NAME),
        requires_name: settings.get(&REQUIRE_NAME),
        has_metadata: settings.get(&METADATA),
        start_length: settings.get(&SHOULD_STORE).then(|| settings.get(&START_LENGTH)),
        default_lifetime: settings.get(&DEFAULT_LIFETIME),
        may_choose_lifetime: !settings.get(&FIXED_LIFETIME),
        lifetime: between(settings, &MIN_LIFETIME, &MAX_LIFETIME),
        rate_limit: KeyRateLimit {
            is_enabled: settings.get(&RATE_LIMIT),
            window: settings.get(&WINDOW).saturating_mul(MILLISECONDS),
            max: settings.get(&MAX_REQUESTS),
        },
        default_permissions: permissions(settings),
        is_hashed: !settings.get(&DISABLE_HASHING),
        max_per_user: settings.get(&MAX_PER_USER),
    }
}

/// Rejects keys that could have the form of a digest if keys are stored as they are, and keys of which too much is
/// stored in spite of the digest.
fn check_lengths(settings: &mut Settings, policy: &KeyPolicy) {
    let length = policy.length;
    if !policy.is_hashed && length <= DIGEST_LENGTH {
        let least = DIGEST_LENGTH + 1;
        let text = format!(
            "`{LENGTH}` must be at least {least} with `{DISABLE_HASHING}`: a shorter API key, with its prefix, could have the form of a digest, which is not accepted"
        );
        settings.refuse(&LENGTH, text);
    }
    let start = policy.start_length.unwrap_or(0);
    if length.saturating_sub(start) < HIDDEN_LETTERS {
        let text = format!(
            "`{START_LENGTH}` is {start}, but at least {HIDDEN_LETTERS} of the {length} letters of an API key (`{LENGTH}`) must not be stored as they are: use fewer characters, or a longer key"
        );
        settings.refuse(&START_LENGTH, text);
    }
}

/// Returns the values from a minimum to a maximum, which must not be less.
fn between<T: super::from_value::FromValue + Default + PartialOrd>(
    settings: &mut Settings,
    least: &Key<T>,
    most: &Key<T>,
) -> RangeInclusive<T> {
    let range = settings.get(least)..=settings.get(most);
    if range.is_empty() {
        let text = format!("`{least}` must not be greater than `{most}`");
        settings.refuse(least, text);
    }
    range
}

fn prefix(settings: &mut Settings) -> Option<String> {
    let prefix = settings
        .get(&DEFAULT_PREFIX)
        .filter(|prefix| !prefix.is_empty())?;
    let is_permitted = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if prefix.bytes().all(is_permitted) {
        return Some(prefix);
    }
    let text = format!("`{DEFAULT_PREFIX}`: \"{prefix}\" must consist of letters, digits, `_` and `-`");
    settings.refuse(&DEFAULT_PREFIX, text);
    None
}

fn permissions(settings: &mut Settings) -> Option<Statements> {
    let members = settings.get(&PERMISSIONS);
    if members.is_empty() {
        return None;
    }
    let permissions = ApiKey::permissions_of_json(members);
    if permissions.is_none() {
        let text = format!("`{PERMISSIONS}` must contain lists of actions, as in `{{ files = [\"read\"] }}`");
        settings.refuse(&PERMISSIONS, text);
    }
    permissions
}

fn headers(settings: &mut Settings) -> Option<KeyHeaders> {
    let names = settings.get(&HEADERS);
    if !settings.get(&SESSIONS) {
        return None;
    }
    let headers = KeyHeaders::parse(names.iter().map(String::as_str));
    headers
        .map_err(|rejection| settings.refuse(&HEADERS, format!("`{HEADERS}` {rejection}")))
        .ok()
}

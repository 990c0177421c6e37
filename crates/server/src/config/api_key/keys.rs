//! The keys of API keys.

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::config::{
    declare::{SECONDS, boolean, list, number, table, text},
    key::{Declaration, Key, Range},
    tables::Schema,
};

const CHARACTERS: &str = "characters";
const UNITS: &str = "UTF-16 code units";
const LONGEST: u64 = 255;
/// A hundred years.
const LONGEST_LIFETIME: u64 = 36_525 * 86_400;
/// The longest window of which PostgreSQL can store the milliseconds.
const LONGEST_WINDOW: u64 = 2_147_483;
const MOST: u64 = 2_147_483_647;

pub(super) const ENABLED: Key<Option<bool>> = boolean(
    "plugins.api_key.enabled",
    "Let users create API keys, and services verify them; see [API keys](api-key.md).",
)
.otherwise("`true` if there is a section `[plugins.api_key]`, even an empty one, but not if it only contains `schema`");
pub(super) const SESSIONS: Key<bool> = boolean(
    "plugins.api_key.enable_session_for_api_keys",
    "Accept an API key instead of a session at every route for clients, except those that change how its owner signs in. Each request is one use of the key.",
)
.or("false");
pub(super) const HEADERS: Key<Vec<String>> = list(
    "plugins.api_key.api_key_headers",
    "Headers in which requests present API keys instead of sessions; the first that is not empty counts. Headers with a meaning of their own, such as `authorization`, are rejected. Without `enable_session_for_api_keys` they are not read.",
)
.or("x-api-key");
pub(super) const DISABLE_HASHING: Key<bool> = boolean(
    "plugins.api_key.disable_key_hashing",
    "Store API keys as they are instead of their digests, so that a reader of the database can use them. After a change of this option, the existing API keys are no longer accepted. While it is `true`, texts in the form of a digest are not accepted either, so `default_key_length` must be at least 44.",
)
.or("false");
pub(super) const LENGTH: Key<usize> = number(
    "plugins.api_key.default_key_length",
    Range::new(32, LONGEST, "letters"),
    "Number of random letters of a new API key, after its prefix. After you raise it, shorter API keys are no longer accepted instead of sessions; services still verify them.",
)
.or("64");
pub(super) const DEFAULT_PREFIX: Key<Option<String>> = text(
    "plugins.api_key.default_prefix",
    "Prefix of an API key whose owner chooses none: letters, digits, `_` and `-`.",
)
.otherwise("no prefix");
pub(super) const MIN_PREFIX: Key<usize> = number(
    "plugins.api_key.minimum_prefix_length",
    Range::new(1, LONGEST, CHARACTERS),
    "Minimum length of a prefix.",
)
.or("1");
pub(super) const MAX_PREFIX: Key<usize> = number(
    "plugins.api_key.maximum_prefix_length",
    Range::new(1, LONGEST, CHARACTERS),
    "Maximum length of a prefix.",
)
.or("32");
pub(super) const REQUIRE_NAME: Key<bool> = boolean(
    "plugins.api_key.require_name",
    "Reject new API keys without a name.",
)
.or("false");
pub(super) const MIN_NAME: Key<usize> = number(
    "plugins.api_key.minimum_name_length",
    Range::new(1, LONGEST, UNITS),
    "Minimum length of a name.",
)
.or("1");
pub(super) const MAX_NAME: Key<usize> = number(
    "plugins.api_key.maximum_name_length",
    Range::new(1, LONGEST, UNITS),
    "Maximum length of a name.",
)
.or("32");
pub(super) const METADATA: Key<bool> =
    boolean("plugins.api_key.enable_metadata", "Let API keys have metadata.").or("false");
pub(super) const MAX_PER_USER: Key<u32> = number(
    "plugins.api_key.max_per_user",
    Range::new(1, 100_000, "keys"),
    "Maximum number of API keys of a user. Better Auth has no limit.",
)
.or("1000");
pub(super) const SHOULD_STORE: Key<bool> = boolean(
    "plugins.api_key.starting_characters_config.should_store",
    "Store the first characters of API keys, by which their owners recognise them.",
)
.or("true");
pub(super) const START_LENGTH: Key<usize> = number(
    "plugins.api_key.starting_characters_config.characters_length",
    Range::new(1, 32, CHARACTERS),
    "Number of first characters that are stored, including the prefix. It must be at least 32 less than `default_key_length`.",
)
.or("6");
pub(super) const DEFAULT_LIFETIME: Key<Option<TimeDelta>> = number(
    "plugins.api_key.key_expiration.default_expires_in",
    Range::new(1, LONGEST_LIFETIME, SECONDS),
    "Lifetime of an API key whose owner chooses none. It may exceed `max_expires_in`.",
)
.otherwise("unlimited");
pub(super) const FIXED_LIFETIME: Key<bool> = boolean(
    "plugins.api_key.key_expiration.disable_custom_expires_time",
    "Reject API keys whose owners choose a lifetime.",
)
.or("false");
pub(super) const MIN_LIFETIME: Key<TimeDelta> = number(
    "plugins.api_key.key_expiration.min_expires_in",
    Range::new(1, LONGEST_LIFETIME, SECONDS),
    "Minimum lifetime that owners may choose. Better Auth's option is in days.",
)
.or("86400");
pub(super) const MAX_LIFETIME: Key<TimeDelta> = number(
    "plugins.api_key.key_expiration.max_expires_in",
    Range::new(1, LONGEST_LIFETIME, SECONDS),
    "Maximum lifetime that owners may choose. They may also change a key so that it never expires, unless `disable_custom_expires_time` is set. Better Auth's option is in days.",
)
.or("31536000");
pub(super) const RATE_LIMIT: Key<bool> = boolean(
    "plugins.api_key.rate_limit.enabled",
    "Limit how often each API key may be used.",
)
.or("true");
pub(super) const WINDOW: Key<i32> = number(
    "plugins.api_key.rate_limit.time_window",
    Range::new(1, LONGEST_WINDOW, SECONDS),
    "Window in which the uses of a new API key are counted. The count starts again when the key has not been used for this long. Better Auth's option is in milliseconds.",
)
.or("86400");
pub(super) const MAX_REQUESTS: Key<i32> = number(
    "plugins.api_key.rate_limit.max_requests",
    Range::new(1, MOST, "uses"),
    "Maximum number of uses of a new API key in `time_window`.",
)
.or("10");
pub(super) const PERMISSIONS: Key<Map<String, Value>> = table(
    "plugins.api_key.permissions.default_permissions",
    "lists of actions by resource",
    "Permissions of new API keys, as in `{ files = [\"read\"] }`. Only services can choose others.",
)
.or("{}");
pub(in crate::config) const SCHEMA: Schema = Schema::new("plugins.api_key.schema", &["apikey"], Vec::new);

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &SESSIONS.declaration,
    &HEADERS.declaration,
    &DISABLE_HASHING.declaration,
    &LENGTH.declaration,
    &DEFAULT_PREFIX.declaration,
    &MIN_PREFIX.declaration,
    &MAX_PREFIX.declaration,
    &REQUIRE_NAME.declaration,
    &MIN_NAME.declaration,
    &MAX_NAME.declaration,
    &METADATA.declaration,
    &MAX_PER_USER.declaration,
    &SHOULD_STORE.declaration,
    &START_LENGTH.declaration,
    &DEFAULT_LIFETIME.declaration,
    &FIXED_LIFETIME.declaration,
    &MIN_LIFETIME.declaration,
    &MAX_LIFETIME.declaration,
    &RATE_LIMIT.declaration,
    &WINDOW.declaration,
    &MAX_REQUESTS.declaration,
    &PERMISSIONS.declaration,
    &SCHEMA.key.declaration,
];

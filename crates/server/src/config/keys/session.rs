//! The keys of sessions.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, SECONDS, Value, choice, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "session.expires_in",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Value("604800"),
        "Lifetime of a remembered session, counted from its start or its last renewal.",
    ),
    key(
        "session.update_age",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("86400"),
        "Minimum age at which a session is renewed when it is read. At most `session.expires_in`.",
    ),
    key(
        "session.fresh_age",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("86400"),
        "Maximum age of a session that may unlink an account, or delete its user without a password. 0: no maximum.",
    ),
    key(
        "session.max_per_user",
        number(0, 100_000, "sessions"),
        Value("1000"),
        "Maximum number of live sessions per user. When a new session exceeds it, the oldest ones are revoked. 0: no maximum.",
    ),
    key(
        "session.additional_fields",
        Kind::Fields,
        Value("{}"),
        "Fields of sessions in addition to the built-in ones; see [additional fields](#additional-fields).",
    ),
    key(
        "session.cookie_cache.enabled",
        Kind::Boolean,
        Value("false"),
        "Store a copy of the session in a cookie, which answers `GET /get-session` without the database. No other endpoint trusts the copy.",
    ),
    key(
        "session.cookie_cache.max_age",
        lifetime(),
        Value("300"),
        "Lifetime of the copy. A revoked session may still be returned for this long. At most `session.expires_in`.",
    ),
    key(
        "session.cookie_cache.strategy",
        choice(&["compact", "jwt", "jwe"], &[]),
        Value("compact"),
        "Format of the copy: `compact` is signed in Better Auth's own format, `jwt` is a signed JWT, `jwe` is an encrypted JWT.",
    ),
    key(
        "session.cookie_cache.version",
        Kind::Text,
        Value("1"),
        "Version of the copy. Copies with another version are not accepted: a new version invalidates all existing copies.",
    ),
    key(
        "session.cookie_cache.refresh_cache",
        Kind::Boolean,
        Value("false"),
        "Must be `false`, as in Better Auth with a database; `true` is rejected.",
    ),
];

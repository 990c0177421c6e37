//! The keys of sessions.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, SECONDS, Value, choice, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "session.expires_in",
        number(1, FOUR_HUNDRED_DAYS, SECONDS),
        Value("604800"),
        "How long a remembered session lives from its start or its last renewal.",
    ),
    key(
        "session.update_age",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("86400"),
        "How old a session must be to be renewed when it is read; at most `session.expires_in`.",
    ),
    key(
        "session.fresh_age",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("86400"),
        "How young a session must be to give up an account or to delete its user without a password. 0: any is young enough.",
    ),
    key(
        "session.max_per_user",
        number(0, 100_000, "sessions"),
        Value("1000"),
        "Maximum number of live sessions per user. When a new one exceeds it, the oldest ones end. 0: no maximum.",
    ),
    key(
        "session.additional_fields",
        Kind::Fields,
        Value("{}"),
        "Fields of sessions beside the built-in ones; see [additional fields](#additional-fields).",
    ),
    key(
        "session.cookie_cache.enabled",
        Kind::Boolean,
        Value("false"),
        "Whether clients keep a copy of their session in a cookie, which answers `GET /get-session` without the database. Nothing else is ever done on its word.",
    ),
    key(
        "session.cookie_cache.max_age",
        lifetime(),
        Value("300"),
        "How long a copy counts: for so long a session that was ended may still be shown. At most `session.expires_in`.",
    ),
    key(
        "session.cookie_cache.strategy",
        choice(&["compact", "jwt", "jwe"], &[]),
        Value("compact"),
        "How a copy is written: signed as Better Auth does, as a signed JWT, or as an encrypted one.",
    ),
    key(
        "session.cookie_cache.version",
        Kind::Text,
        Value("1"),
        "Which version is written. Copies of another do not count: a new one makes all that there are worthless.",
    ),
    key(
        "session.cookie_cache.refresh_cache",
        Kind::Boolean,
        Value("false"),
        "`false`, as in Better Auth wherever there is a database; `true` is refused.",
    ),
];

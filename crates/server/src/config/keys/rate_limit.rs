//! The keys of limits on how often something is asked for.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

/// The longest window of a rate limit, in seconds.
pub(in super::super) const LONGEST_WINDOW: u64 = 86_400;
/// The most requests that a rate limit lets pass.
pub(in super::super) const MOST_REQUESTS: u64 = 1_000_000;

pub(super) static KEYS: &[Key] = &[
    key(
        "rate_limit.enabled",
        Kind::Boolean,
        Otherwise("`true` in production, `false` in development"),
        "Whether requests and failing sign-ins are counted, and answered with 429 where they are too many; and whether an address gets no more than three messages of a kind a minute.",
    ),
    key(
        "rate_limit.window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("10"),
        "The general rule: in how much time a client may send `max` requests to a path.",
    ),
    key(
        "rate_limit.max",
        number(1, MOST_REQUESTS, "requests"),
        Value("100"),
        "The general rule: how many requests of a client to a path in `window`.",
    ),
    key(
        "rate_limit.storage",
        choice(&["memory", "database"], &["redis", "secondary-storage"]),
        Otherwise("paths where secrets are tried in the database, all others in memory"),
        "Where requests are counted: by each replica for itself, or by all together. A rule that is counted in the database permits 1000 requests at most.",
    ),
    key(
        "rate_limit.custom_rules",
        Kind::List,
        Value(""),
        "Rules for paths below the base path, of which the first that fits counts: `PATH WINDOW MAX` or `PATH off`, such as `/get-session 10 1000`; `*` is anything within a segment, `**` anything.",
    ),
    key(
        "rate_limit.failed_sign_ins",
        number(1, 100, "sign-ins"),
        Value("20"),
        "How many sign-ins to one account may fail in `failed_sign_in_window`, from wherever they come.",
    ),
    key(
        "rate_limit.failed_sign_in_window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("900"),
        "In how much time `failed_sign_ins` may fail.",
    ),
    key(
        "rate_limit.known_address_lifetime",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("2592000"),
        "For how long after a good sign-in its address may sign in to that account although `failed_sign_ins` have failed.",
    ),
];

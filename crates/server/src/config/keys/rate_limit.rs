//! The keys of rate limits.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, number};

/// Maximum window of a rule, in seconds.
pub(in super::super) const LONGEST_WINDOW: u64 = 86_400;
/// Maximum number of requests that a rule can allow.
pub(in super::super) const MAX_REQUESTS: u64 = 1_000_000;

pub(super) static KEYS: &[Key] = &[
    key(
        "rate_limit.enabled",
        Kind::Boolean,
        Otherwise("`true` in production, `false` in development"),
        "Limit requests and failed sign-ins (429 above the limit), and send at most three messages of a kind per minute to an address.",
    ),
    key(
        "rate_limit.window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("10"),
        "General rule: the period in which a client may send `max` requests to a path.",
    ),
    key(
        "rate_limit.max",
        number(1, MAX_REQUESTS, "requests"),
        Value("100"),
        "General rule: maximum number of requests of a client to a path in `window`.",
    ),
    key(
        "rate_limit.storage",
        choice(&["memory", "database"], &["redis", "secondary-storage"]),
        Otherwise("`database` for paths on which secrets can be guessed, `memory` for all others"),
        "Where requests are counted: in the `memory` of each replica, or in the `database` for all replicas together. A rule that is counted in the database can allow at most 1000 requests.",
    ),
    key(
        "rate_limit.custom_rules",
        Kind::List,
        Value(""),
        "Rules for paths below the base path: `PATH WINDOW MAX` or `PATH off`, such as `/get-session 10 1000`. `*` matches anything within a segment, `**` matches anything. The first rule that matches applies.",
    ),
    key(
        "rate_limit.failed_sign_ins",
        number(1, 100, "sign-ins"),
        Value("20"),
        "Maximum number of failed sign-ins to an account in `failed_sign_in_window`, from all clients together.",
    ),
    key(
        "rate_limit.failed_sign_in_window",
        number(1, LONGEST_WINDOW, SECONDS),
        Value("900"),
        "Period in which failed sign-ins to an account are counted.",
    ),
    key(
        "rate_limit.known_address_lifetime",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("2592000"),
        "How long a client's address may sign in to an account in spite of `failed_sign_ins` failures, counted from its last successful sign-in to that account.",
    ),
];

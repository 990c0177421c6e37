//! The keys of the database.

use super::{Key, Kind, Otherwise, SECONDS, Value, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "database.url",
        Kind::Secret,
        Otherwise("a private PostgreSQL in development; required in production"),
        "The database: `postgres://USER:PASSWORD@HOST/NAME`.",
    ),
    key(
        "database.pool_size",
        number(1, 1000, "connections"),
        Otherwise("2 × cores + 2, at least 4"),
        "How many connections to hold at the most.",
    ),
    key(
        "database.acquire_timeout",
        number(1, 60, SECONDS),
        Value("1"),
        "How long a request waits for a connection before it is answered with 503.",
    ),
    key(
        "database.operation_timeout",
        number(1, 60, SECONDS),
        Value("3"),
        "How long one operation may take before its request is answered with 503.",
    ),
];

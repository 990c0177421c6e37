//! The keys of the database.

use super::{Key, Kind, Otherwise, SECONDS, Value, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "database.url",
        Kind::Secret,
        Otherwise("a private PostgreSQL in development; required in production"),
        "URL of the PostgreSQL database: `postgres://USER:PASSWORD@HOST/NAME`.",
    ),
    key(
        "database.pool_size",
        number(1, 1000, "connections"),
        Otherwise("2 × cores + 2, at least 4"),
        "Maximum number of connections to the database.",
    ),
    key(
        "database.acquire_timeout",
        number(1, 60, SECONDS),
        Value("1"),
        "How long a request waits for a free connection; 503 after that.",
    ),
    key(
        "database.operation_timeout",
        number(1, 60, SECONDS),
        Value("3"),
        "How long a database operation may take; 503 after that.",
    ),
];

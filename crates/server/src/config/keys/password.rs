//! The keys of password hashing.

use portcullis_crypto::Argon2Parameters;

use super::{Key, Otherwise, Value, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "password.argon2.lanes",
        number(1, 16, "lanes"),
        Value("1"),
        "Lanes (parallelism) of argon2id.",
    ),
    key(
        "password.argon2.memory",
        number(19_456, Argon2Parameters::MAX_MEMORY_KIB as u64, "KiB"),
        Value("19456"),
        "Memory of argon2id. At least 47104 with a single pass.",
    ),
    key(
        "password.argon2.passes",
        number(1, Argon2Parameters::MAX_PASSES as u64, "passes"),
        Value("2"),
        "Passes of argon2id over its memory.",
    ),
    key(
        "password.hashing_permits",
        number(1, 1024, "hashes"),
        Otherwise("the number of cores"),
        "Number of passwords that are hashed at the same time.",
    ),
    key(
        "password.hashing_queue",
        number(0, 100_000, "requests"),
        Value("64"),
        "Maximum number of requests that wait for a hash; 503 above.",
    ),
    key(
        "password.refusal_floor_milliseconds",
        number(100, 3000, "milliseconds"),
        Value("300"),
        "Minimum time from the arrival of a sign-in until its rejection, so that all rejections take equally long. Must be less than `limits.request_timeout`.",
    ),
];

//! The keys of password hashing.

use portcullis_crypto::Argon2Parameters;

use super::{Key, Otherwise, Value, key, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "password.argon2.lanes",
        number(1, 16, "lanes"),
        Value("1"),
        "Lanes of argon2id.",
    ),
    key(
        "password.argon2.memory",
        number(19_456, Argon2Parameters::MOST_MEMORY_KIB as u64, "KiB"),
        Value("19456"),
        "Memory of argon2id. With a single pass at least 47104.",
    ),
    key(
        "password.argon2.passes",
        number(1, Argon2Parameters::MOST_PASSES as u64, "passes"),
        Value("2"),
        "Passes of argon2id over its memory.",
    ),
    key(
        "password.hashing_permits",
        number(1, 1024, "hashes"),
        Otherwise("as many as cores"),
        "How many passwords are hashed at the same time.",
    ),
    key(
        "password.hashing_queue",
        number(0, 100_000, "requests"),
        Value("64"),
        "How many requests may wait for a hash; 503 above.",
    ),
    key(
        "password.refusal_floor_milliseconds",
        number(100, 3000, "milliseconds"),
        Value("300"),
        "How long after its arrival a failing sign-in is answered at the earliest, so that all of them look alike. Less than `limits.request_timeout`.",
    ),
];

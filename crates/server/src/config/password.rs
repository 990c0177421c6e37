//! How passwords are hashed.

use portcullis_crypto::{Argon2Parameters, HasherOptions, Scheme};

use super::{
    compatibility::SHARED_DATABASE,
    declare::number,
    http::cores,
    key::{Declaration, Key, Range},
    settings::Settings,
};

const LANES: Key<u32> = number(
    "password.argon2.lanes",
    Range::new(1, 16, "lanes"),
    "Lanes (parallelism) of argon2id.",
)
.or("1");
const MEMORY: Key<u32> = number(
    "password.argon2.memory",
    Range::new(19_456, Argon2Parameters::MAX_MEMORY_KIB as u64, "KiB"),
    "Memory of argon2id. At least 47104 with a single pass.",
)
.or("19456");
const PASSES: Key<u32> = number(
    "password.argon2.passes",
    Range::new(1, Argon2Parameters::MAX_PASSES as u64, "passes"),
    "Passes of argon2id over its memory.",
)
.or("2");
const HASHING_PERMITS: Key<Option<usize>> = number(
    "password.hashing_permits",
    Range::new(1, 1024, "hashes"),
    "Number of passwords that are hashed at the same time.",
)
.otherwise("the number of cores");
const HASHING_QUEUE: Key<usize> = number(
    "password.hashing_queue",
    Range::new(0, 100_000, "requests"),
    "Maximum number of requests that wait for a hash; 503 above.",
)
.or("64");
pub(super) const REFUSAL_FLOOR: Key<u64> = number("password.refusal_floor_milliseconds", Range::new(100, 3000, "milliseconds"), "Minimum time from the arrival of a sign-in until its rejection, so that all rejections take equally long. Must be less than `limits.request_timeout`.").or("300");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &LANES.declaration,
    &MEMORY.declaration,
    &PASSES.declaration,
    &HASHING_PERMITS.declaration,
    &HASHING_QUEUE.declaration,
    &REFUSAL_FLOOR.declaration,
];

/// Minimum memory in KiB for a single pass; with less, OWASP recommends two passes.
const MEMORY_FOR_ONE_PASS: u32 = 47_104;

/// Reads the format of new hashes, and how many are computed at once.
pub(super) fn read(settings: &mut Settings) -> HasherOptions {
    let argon2 = argon2(settings);
    HasherOptions {
        scheme: if settings.get(&SHARED_DATABASE) {
            Scheme::Scrypt
        } else {
            Scheme::Argon2id(argon2)
        },
        permits: settings.get(&HASHING_PERMITS).unwrap_or_else(cores),
        queue: settings.get(&HASHING_QUEUE),
    }
}

fn argon2(settings: &mut Settings) -> Argon2Parameters {
    let parameters = Argon2Parameters {
        memory_kib: settings.get(&MEMORY),
        passes: settings.get(&PASSES),
        lanes: settings.get(&LANES),
    };
    if parameters.passes < 2 && parameters.memory_kib < MEMORY_FOR_ONE_PASS {
        settings.refuse(
            &PASSES,
            "`password.argon2.passes` must be at least 2, or `password.argon2.memory` at least 47104",
        );
    }
    parameters
}

//! The keys of password hashing.

use portcullis_crypto::{Argon2Parameters, FirebaseParameters};
use portcullis_domain::secret::Secret;

use crate::config::{
    declare::{number, secret, text},
    key::{Declaration, Key, Range},
};

pub(super) const LANES: Key<u32> = number(
    "password.argon2.lanes",
    Range::new(1, 16, "lanes"),
    "Lanes (parallelism) of argon2id.",
)
.or("1");
pub(super) const MEMORY: Key<u32> = number(
    "password.argon2.memory",
    Range::new(19_456, Argon2Parameters::MAX_MEMORY_KIB as u64, "KiB"),
    "Memory of argon2id. At least 47104 with a single pass. The memory times the passes must be at most 1048576: one pass over 1 GiB, which takes about a second.",
)
.or("19456");
pub(super) const PASSES: Key<u32> = number(
    "password.argon2.passes",
    Range::new(1, Argon2Parameters::MAX_PASSES as u64, "passes"),
    "Passes of argon2id over its memory.",
)
.or("2");
pub(super) const SIGNER_KEY: Key<Option<Secret<String>>> = secret(
    "password.firebase.base64_signer_key",
    "Signer key of a Firebase project, from its password hash parameters. Passwords that were exported from the project are then accepted; see [operations](operations.md#hashes-from-firebase).",
)
.otherwise("no password matches a hash from Firebase");
pub(super) const SALT_SEPARATOR: Key<String> = text(
    "password.firebase.base64_salt_separator",
    "Salt separator of the Firebase project.",
)
.or("Bw==");
pub(super) const ROUNDS: Key<u32> = number(
    "password.firebase.rounds",
    Range::new(1, FirebaseParameters::MAX_ROUNDS as u64, "rounds"),
    "Rounds of the Firebase project.",
)
.or("8");
pub(super) const MEM_COST: Key<u32> = number(
    "password.firebase.mem_cost",
    Range::new(1, FirebaseParameters::MAX_MEM_COST as u64, ""),
    "Memory cost of the Firebase project, as an exponent of two.",
)
.or("14");
pub(super) const HASHING_PERMITS: Key<Option<usize>> = number(
    "password.hashing_permits",
    Range::new(1, 1024, "hashes"),
    "Maximum number of passwords that are hashed at the same time.",
)
.otherwise("the number of cores");
pub(super) const HASHING_QUEUE: Key<usize> = number(
    "password.hashing_queue",
    Range::new(0, 100_000, "requests"),
    "Maximum number of requests that wait for a hash; 503 above.",
)
.or("64");
pub(in crate::config) const REFUSAL_FLOOR: Key<u64> = number("password.refusal_floor_milliseconds", Range::new(100, 3000, "milliseconds"), "Minimum time from the arrival of a sign-in until its rejection, so that all rejections take equally long. Must be less than `limits.request_timeout`.").or("300");

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &LANES.declaration,
    &MEMORY.declaration,
    &PASSES.declaration,
    &SIGNER_KEY.declaration,
    &SALT_SEPARATOR.declaration,
    &ROUNDS.declaration,
    &MEM_COST.declaration,
    &HASHING_PERMITS.declaration,
    &HASHING_QUEUE.declaration,
    &REFUSAL_FLOOR.declaration,
];

//! How passwords are hashed.

use portcullis_crypto::{
    Argon2Parameters, FirebaseParameterError, FirebaseParameters, HasherOptions, Scheme,
};
use portcullis_domain::secret::Secret;

use super::{
    compatibility::SHARED_DATABASE,
    declare::{number, secret, text},
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
    "Memory of argon2id. At least 47104 with a single pass. The memory times the passes must be at most 1048576: one pass over 1 GiB, which takes about a second.",
)
.or("19456");
const PASSES: Key<u32> = number(
    "password.argon2.passes",
    Range::new(1, Argon2Parameters::MAX_PASSES as u64, "passes"),
    "Passes of argon2id over its memory.",
)
.or("2");
const SIGNER_KEY: Key<Option<Secret<String>>> = secret(
    "password.firebase.base64_signer_key",
    "Signer key of a Firebase project, from its password hash parameters. Passwords that were exported from the project are then accepted; see [operations](operations.md#hashes-from-firebase).",
)
.otherwise("no password matches a hash from Firebase");
const SALT_SEPARATOR: Key<String> = text(
    "password.firebase.base64_salt_separator",
    "Salt separator of the Firebase project.",
)
.or("Bw==");
const ROUNDS: Key<u32> = number(
    "password.firebase.rounds",
    Range::new(1, FirebaseParameters::MAX_ROUNDS as u64, "rounds"),
    "Rounds of the Firebase project.",
)
.or("8");
const MEM_COST: Key<u32> = number(
    "password.firebase.mem_cost",
    Range::new(1, FirebaseParameters::MAX_MEM_COST as u64, ""),
    "Memory cost of the Firebase project, as an exponent of two.",
)
.or("14");
const HASHING_PERMITS: Key<Option<usize>> = number(
    "password.hashing_permits",
    Range::new(1, 1024, "hashes"),
    "Maximum number of passwords that are hashed at the same time.",
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
    &SIGNER_KEY.declaration,
    &SALT_SEPARATOR.declaration,
    &ROUNDS.declaration,
    &MEM_COST.declaration,
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
        firebase: firebase(settings),
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
    if parameters.work() > Argon2Parameters::MAX_WORK {
        settings.refuse(
            &MEMORY,
            format!(
                "`password.argon2.memory` times `password.argon2.passes` must be at most {}, which takes about a second, but is {}: set a lower value for one of them",
                Argon2Parameters::MAX_WORK,
                parameters.work()
            ),
        );
    }
    parameters
}

/// Reads the parameters of a Firebase project. `None`: not set, or refused.
fn firebase(settings: &mut Settings) -> Option<FirebaseParameters> {
    let signer_key = settings.get(&SIGNER_KEY);
    let separator = settings.get(&SALT_SEPARATOR);
    let (rounds, mem_cost) = (settings.get(&ROUNDS), settings.get(&MEM_COST));
    let Some(signer_key) = signer_key else {
        for key in [&*SALT_SEPARATOR, &ROUNDS, &MEM_COST] {
            if settings.is_given(key) {
                settings.refuse(
                    key,
                    format!("`{key}` needs `{SIGNER_KEY}`: copy it from the password hash parameters of the Firebase project"),
                );
            }
        }
        return None;
    };
    match FirebaseParameters::decode(&signer_key, &separator, rounds, mem_cost) {
        Ok(parameters) => return Some(parameters),
        Err(FirebaseParameterError::SignerKey) => {
            settings.refuse(&SIGNER_KEY, not_base64(&SIGNER_KEY));
        }
        Err(FirebaseParameterError::SaltSeparator) => {
            settings.refuse(&SALT_SEPARATOR, not_base64(&SALT_SEPARATOR));
        }
    }
    None
}

fn not_base64(key: &Declaration) -> String {
    format!(
        "`{key}` is not base64: copy it unchanged from the password hash parameters of the Firebase project"
    )
}

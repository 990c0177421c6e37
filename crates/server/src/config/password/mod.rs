//! How passwords are hashed.

mod keys;

use portcullis_crypto::{
    Argon2Parameters, FirebaseParameterError, FirebaseParameters, HasherOptions, Scheme,
};

use self::keys::{
    HASHING_PERMITS, HASHING_QUEUE, LANES, MEM_COST, MEMORY, PASSES, ROUNDS, SALT_SEPARATOR, SIGNER_KEY,
};
pub(super) use self::keys::{KEYS, REFUSAL_FLOOR};
use super::{compatibility::SHARED_DATABASE, http::cores, key::Declaration, settings::Settings};

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

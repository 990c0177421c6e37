//! How passwords are hashed.

use portcullis_crypto::{Argon2Parameters, HasherOptions, Scheme};

use super::{
    number::{cores, optional_size, size},
    settings::Settings,
};

/// Minimum memory in KiB for a single pass; with less, OWASP recommends two passes.
const MEMORY_FOR_ONE_PASS: u32 = 47_104;

/// Reads the format of new hashes, and how many are computed at once.
pub(super) fn read(settings: &mut Settings) -> HasherOptions {
    let argon2 = argon2(settings);
    let is_shared = settings
        .boolean("compatibility.shared_database")
        .unwrap_or_default();
    HasherOptions {
        scheme: if is_shared {
            Scheme::Scrypt
        } else {
            Scheme::Argon2id(argon2)
        },
        permits: optional_size(settings, "password.hashing_permits").unwrap_or_else(cores),
        queue: size(settings, "password.hashing_queue"),
    }
}

fn argon2(settings: &mut Settings) -> Argon2Parameters {
    let number = |name| {
        let number = settings.number(name).unwrap_or_default();
        u32::try_from(number).unwrap_or(u32::MAX)
    };
    let parameters = Argon2Parameters {
        memory_kib: number("password.argon2.memory"),
        passes: number("password.argon2.passes"),
        lanes: number("password.argon2.lanes"),
    };
    if parameters.passes < 2 && parameters.memory_kib < MEMORY_FOR_ONE_PASS {
        settings.refuse(
            "password.argon2.passes",
            "`password.argon2.passes` must be at least 2, or `password.argon2.memory` at least 47104",
        );
    }
    parameters
}

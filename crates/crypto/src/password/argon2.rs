//! argon2id in PHC form (RFC 9106).

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash as PhcString,
};
use portcullis_application::ports::Failure;
use portcullis_domain::{password::PasswordHash, secret::Secret};

/// How much work a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Parameters {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes that could run in parallel.
    pub lanes: u32,
}

impl Argon2Parameters {
    /// The most memory in KiB that a hash may take. A stored one that asks for more is not verified: it is no hash
    /// of ours or of anybody's sane configuration, but an attack on the machine.
    pub const MOST_MEMORY_KIB: u32 = 1024 * 1024;
    /// Likewise for passes.
    pub const MOST_PASSES: u32 = 64;
}

impl Default for Argon2Parameters {
    /// OWASP's floor: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

pub(super) fn hash(
    normalized: &Secret<String>,
    salt: &[u8],
    parameters: Argon2Parameters,
) -> Result<PasswordHash, Failure> {
    let params = Params::new(parameters.memory_kib, parameters.passes, parameters.lanes, None)
        .map_err(|error| Failure::new(error.to_string()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(normalized.expose().as_bytes(), salt)
        .map(|phc| PasswordHash::new(phc.to_string()))
        .map_err(|error| Failure::new(error.to_string()))
}

pub(super) fn verify(normalized: &Secret<String>, hash: &PasswordHash) -> bool {
    let Some((phc, parameters)) = parse(hash) else {
        return false;
    };
    parameters.m_cost() <= Argon2Parameters::MOST_MEMORY_KIB
        && parameters.t_cost() <= Argon2Parameters::MOST_PASSES
        && Argon2::default()
            .verify_password(normalized.expose().as_bytes(), &phc)
            .is_ok()
}

/// Whether a hash is of today's algorithm and work.
pub(super) fn is_of(hash: &PasswordHash, wanted: Argon2Parameters) -> bool {
    parse(hash).is_some_and(|(phc, parameters)| {
        phc.algorithm == Algorithm::Argon2id.ident()
            && (parameters.m_cost(), parameters.t_cost(), parameters.p_cost())
                == (wanted.memory_kib, wanted.passes, wanted.lanes)
    })
}

fn parse(hash: &PasswordHash) -> Option<(PhcString, Params)> {
    let phc = PhcString::new(hash.expose()).ok()?;
    let parameters = Params::try_from(&phc).ok()?;
    Some((phc, parameters))
}

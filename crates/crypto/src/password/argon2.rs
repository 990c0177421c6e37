//! argon2id (RFC 9106) in PHC format.

use std::fmt::Display;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash as PhcString, Salt},
};
use portcullis_application::ports::Failure;
use portcullis_domain::{password::PasswordHash, secret::Secret};

use super::memory::Memory;

/// Cost parameters of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Parameters {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Number of lanes, which could run in parallel.
    pub lanes: u32,
}

impl Argon2Parameters {
    /// Maximum memory of a hash in KiB. A stored hash with more is not verified: no sensible configuration creates it,
    /// and it could exhaust the machine.
    pub const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    /// Maximum number of passes, for the same reason.
    pub const MAX_PASSES: u32 = 64;
}

impl Default for Argon2Parameters {
    /// OWASP's minimum: 19 MiB, two passes, one lane.
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
    memory: &Memory,
) -> Result<PasswordHash, Failure> {
    let params =
        Params::new(parameters.memory_kib, parameters.passes, parameters.lanes, None).map_err(described)?;
    let salt = Salt::new(salt).map_err(described)?;
    let work = Work {
        algorithm: Algorithm::Argon2id,
        version: Version::V0x13,
        params,
    };
    let phc = PhcString {
        algorithm: work.algorithm.ident(),
        version: Some(work.version.into()),
        params: ParamsString::try_from(&work.params).map_err(described)?,
        salt: Some(salt),
        hash: Some(work.output(normalized, &salt, memory)?),
    };
    Ok(PasswordHash::new(phc.to_string()))
}

pub(super) fn verify(normalized: &Secret<String>, hash: &PasswordHash, memory: &Memory) -> bool {
    let Some((phc, parameters)) = parse(hash) else {
        return false;
    };
    let is_sane = parameters.m_cost() <= Argon2Parameters::MAX_MEMORY_KIB
        && parameters.t_cost() <= Argon2Parameters::MAX_PASSES;
    let (Some(salt), Some(expected), true) = (&phc.salt, &phc.hash, is_sane) else {
        return false;
    };
    let Some(work) = Work::of(&phc, parameters) else {
        return false;
    };
    // Outputs are compared in constant time.
    work.output(normalized, salt, memory)
        .is_ok_and(|output| output == *expected)
}

/// Algorithm, version and parameters of a hash.
struct Work {
    algorithm: Algorithm,
    version: Version,
    params: Params,
}

impl Work {
    /// Returns the algorithm, version and parameters of a stored hash, or `None` if one of the first two is unknown.
    fn of(phc: &PhcString, params: Params) -> Option<Self> {
        Some(Self {
            algorithm: Algorithm::try_from(phc.algorithm.as_str()).ok()?,
            version: phc
                .version
                .map_or(Ok(Version::default()), Version::try_from)
                .ok()?,
            params,
        })
    }

    fn output(&self, normalized: &Secret<String>, salt: &[u8], memory: &Memory) -> Result<Output, Failure> {
        let length = self.params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer
            .get_mut(..length)
            .ok_or_else(|| Failure::new("the output of the hash is too long"))?;
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        let password = normalized.expose().as_bytes();
        memory
            .lend(self.params.block_count(), |blocks| {
                argon2.hash_password_into_with_memory(password, salt, output, blocks)
            })
            .unwrap_or(Err(argon2::Error::OutOfMemory))
            .map_err(described)?;
        Output::new(output).map_err(described)
    }
}

fn described(error: impl Display) -> Failure {
    Failure::new(error.to_string())
}

/// Whether a hash has the current algorithm and these parameters.
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

//! argon2id (RFC 9106) in PHC format.

use std::{fmt::Display, iter::once};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash as PhcString, Salt},
};
use portcullis_application::ports::{Failure, Unverifiable};
use portcullis_domain::{password::PasswordHash, secret::Secret};

use super::{form::PasswordForm, memory::Memory};

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
    /// Maximum of the memory in KiB times the passes, for the same reason: one pass over 1 GiB, which takes about a
    /// second. The number of lanes does not change the work.
    pub const MAX_WORK: u64 = 1024 * 1024;

    /// Returns the memory in KiB times the passes.
    #[must_use]
    pub fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
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
        hash: Some(work.output(normalized.expose().as_bytes(), &salt, memory)?),
    };
    Ok(PasswordHash::new(phc.to_string()))
}

/// A stored hash.
pub(super) struct Stored {
    work: Work,
    salt: Salt,
    output: Output,
}

impl Stored {
    /// Parses PHC format.
    pub(super) fn parse(text: &str) -> Result<Self, Unverifiable> {
        let phc = PhcString::new(text).map_err(|_| Unverifiable::UnknownForm)?;
        let params = Params::try_from(&phc).map_err(|_| Unverifiable::UnknownForm)?;
        let work = Work::of(&phc, params).ok_or(Unverifiable::UnknownForm)?;
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else {
            return Err(Unverifiable::UnknownForm);
        };
        let parameters = work.parameters();
        if parameters.work() > Argon2Parameters::MAX_WORK || parameters.passes > Argon2Parameters::MAX_PASSES
        {
            return Err(Unverifiable::ExcessiveCost);
        }
        Ok(Self { work, salt, output })
    }

    /// Returns the form.
    pub(super) fn form(&self) -> PasswordForm {
        match self.work.algorithm {
            Algorithm::Argon2d => PasswordForm::Argon2d,
            Algorithm::Argon2i => PasswordForm::Argon2i,
            Algorithm::Argon2id => PasswordForm::Argon2id,
        }
    }

    /// Returns whether the hash has the current algorithm and these parameters.
    pub(super) fn has(&self, wanted: Argon2Parameters) -> bool {
        self.work.algorithm == Algorithm::Argon2id && self.work.parameters() == wanted
    }

    /// Returns the forms of a password that may have this hash, the more likely one first. Portcullis has normalised the
    /// password of a current hash; other programs hash it as typed. The second form is left out if the work of both is
    /// above the limit.
    pub(super) fn inputs<'a>(
        &self,
        typed: &'a [u8],
        normalized: &'a [u8],
        is_current: bool,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (first, second) = if is_current {
            (normalized, typed)
        } else {
            (typed, normalized)
        };
        let has_second = first != second && 2 * self.work.parameters().work() <= Argon2Parameters::MAX_WORK;
        once(first).chain(has_second.then_some(second))
    }

    /// Returns whether the password has this hash.
    pub(super) fn matches(&self, password: &[u8], memory: &Memory) -> bool {
        // Outputs are compared in constant time.
        self.work
            .output(password, &self.salt, memory)
            .is_ok_and(|output| output == self.output)
    }
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

    fn parameters(&self) -> Argon2Parameters {
        Argon2Parameters {
            memory_kib: self.params.m_cost(),
            passes: self.params.t_cost(),
            lanes: self.params.p_cost(),
        }
    }

    fn output(&self, password: &[u8], salt: &[u8], memory: &Memory) -> Result<Output, Failure> {
        let length = self.params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer
            .get_mut(..length)
            .ok_or_else(|| Failure::new("the output of the hash is too long"))?;
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
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

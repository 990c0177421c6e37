//! The parameters with which a Firebase project hashes passwords.

use portcullis_domain::secret::Secret;

use super::base64;

/// The parameters of a Firebase project, as it exports them.
#[derive(Clone, Debug)]
pub struct FirebaseParameters {
    /// The key that is encrypted with what scrypt derives from the password.
    pub(super) signer_key: Secret<Vec<u8>>,
    /// Bytes that follow the salt.
    pub(super) salt_separator: Vec<u8>,
    /// Rounds, which are scrypt's r.
    pub(super) rounds: u32,
    /// Memory cost: the logarithm of scrypt's N.
    pub(super) mem_cost: u32,
}

/// A parameter that is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirebaseParameterError {
    /// The signer key is empty or not base64.
    SignerKey,
    /// The salt separator is not base64.
    SaltSeparator,
}

impl FirebaseParameters {
    /// Maximum of the rounds in Firebase.
    pub const MAX_ROUNDS: u32 = 8;
    /// Maximum of the memory cost in Firebase.
    pub const MAX_MEM_COST: u32 = 14;

    /// Decodes the parameters of a project.
    ///
    /// # Errors
    ///
    /// If the signer key or the salt separator is not base64, or the signer key is empty.
    pub fn decode(
        base64_signer_key: &Secret<String>,
        base64_salt_separator: &str,
        rounds: u32,
        mem_cost: u32,
    ) -> Result<Self, FirebaseParameterError> {
        let signer_key = base64::standard_or_url_safe(base64_signer_key.expose().trim());
        let signer_key = signer_key.filter(|key| !key.is_empty());
        let salt_separator = base64::standard_or_url_safe(base64_salt_separator.trim());
        Ok(Self {
            signer_key: Secret::new(signer_key.ok_or(FirebaseParameterError::SignerKey)?),
            salt_separator: salt_separator.ok_or(FirebaseParameterError::SaltSeparator)?,
            rounds,
            mem_cost,
        })
    }
}

//! Firebase's scrypt: `firebase-scrypt$salt$hash`, both in base64 as Firebase exports them. The form is ours, because
//! Firebase stores the parameters for a whole project.

use openssl::symm::{Cipher, encrypt};
use portcullis_application::ports::Unverifiable;
use portcullis_domain::secret::Secret;
use subtle::ConstantTimeEq;

use super::{base64, scrypt::Parameters};

const CIPHER_KEY_LENGTH: usize = 32;
/// The initial counter.
const COUNTER: [u8; 16] = [0; 16];

/// The parameters of a Firebase project, as it exports them.
#[derive(Clone, Debug)]
pub struct FirebaseParameters {
    /// The key that is encrypted with what scrypt derives from the password.
    signer_key: Secret<Vec<u8>>,
    /// Bytes that follow the salt.
    salt_separator: Vec<u8>,
    /// Rounds, which are scrypt's r.
    rounds: u32,
    /// Memory cost: the logarithm of scrypt's N.
    mem_cost: u32,
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

/// A stored hash.
pub(super) struct Stored {
    parameters: FirebaseParameters,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Stored {
    /// Parses what follows `firebase-scrypt$`.
    pub(super) fn parse(text: &str, parameters: Option<&FirebaseParameters>) -> Result<Self, Unverifiable> {
        let (salt, hash) = text.split_once('$').ok_or(Unverifiable::UnknownForm)?;
        let decoded = (
            base64::standard_or_url_safe(salt),
            base64::standard_or_url_safe(hash),
        );
        let (Some(salt), Some(hash)) = decoded else {
            return Err(Unverifiable::UnknownForm);
        };
        let parameters = parameters.ok_or(Unverifiable::MissingParameters)?;
        if hash.len() != parameters.signer_key.expose().len() {
            return Err(Unverifiable::UnknownForm);
        }
        Ok(Self {
            parameters: parameters.clone(),
            salt,
            hash,
        })
    }

    /// Returns whether the password has this hash.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let FirebaseParameters {
            signer_key,
            salt_separator,
            rounds,
            mem_cost,
        } = &self.parameters;
        let scrypt = Parameters {
            n: 1 << mem_cost,
            r: u64::from(*rounds),
            p: 1,
        };
        let salt = [&*self.salt, salt_separator].concat();
        let mut key = [0; CIPHER_KEY_LENGTH];
        let is_derived = scrypt.derive(password, &salt, &mut key).is_ok();
        let encrypted = encrypt(Cipher::aes_256_ctr(), &key, Some(&COUNTER), signer_key.expose());
        is_derived && encrypted.is_ok_and(|encrypted| encrypted.ct_eq(&self.hash).into())
    }
}

//! Firebase's scrypt: `firebase-scrypt$salt$hash`, both in base64 as Firebase exports them. The form is ours, because
//! Firebase stores the parameters for a whole project.

use openssl::symm::{Cipher, encrypt};
use portcullis_application::ports::Unverifiable;
use subtle::ConstantTimeEq;

use super::{base64, firebase_parameters::FirebaseParameters, scrypt::Parameters};

const CIPHER_KEY_LENGTH: usize = 32;
/// The initial counter.
const COUNTER: [u8; 16] = [0; 16];

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

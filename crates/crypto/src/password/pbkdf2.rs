//! PBKDF2 with HMAC in PHC format (`$pbkdf2-sha256$i=600000,l=32$salt$key`), passlib's (`$pbkdf2-sha256$29000$salt$key`)
//! and Django's (`pbkdf2_sha256$600000$salt$key`).

use openssl::{hash::MessageDigest, pkcs5};
use portcullis_application::ports::Unverifiable;
use subtle::ConstantTimeEq;

use super::base64;

/// Maximum number of iterations, times the blocks of the key: about a second of work. Django's default grows each year:
/// 1.2 million in 2025. An iteration of SHA-512 takes twice as long as the others and counts twice.
const MOST_ITERATIONS: usize = 2_000_000;
/// The length of a digest of SHA-512.
const LONG_DIGEST: usize = 64;
/// Minimum and maximum length of a key. A short key would match many passwords.
const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// A stored hash.
pub(super) struct Stored {
    digest: MessageDigest,
    iterations: usize,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Stored {
    /// Parses `$name$parameters$salt$key` in PHC format or passlib's. In passlib's, the parameters are only the number
    /// of iterations.
    pub(super) fn parse(text: &str) -> Result<Self, Unverifiable> {
        let ["", name, parameters, salt, key] = *text.split('$').collect::<Vec<_>>() else {
            return Err(Unverifiable::UnknownForm);
        };
        let digest = match name {
            "pbkdf2" | "pbkdf2-sha1" => MessageDigest::sha1(),
            "pbkdf2-sha256" => MessageDigest::sha256(),
            "pbkdf2-sha512" => MessageDigest::sha512(),
            _ => return Err(Unverifiable::UnknownForm),
        };
        if !parameters.contains('=') {
            return Self::of(digest, parameters, base64::passlib(salt), base64::passlib(key));
        }
        let key = base64::standard(key);
        let (iterations, length) = match *parameters.split(',').collect::<Vec<_>>() {
            [iterations] => (iterations, None),
            [iterations, length] => (iterations, Some(length)),
            _ => return Err(Unverifiable::UnknownForm),
        };
        let has_length = |key: &Vec<u8>| length.is_none_or(|length| length == format!("l={}", key.len()));
        let iterations = iterations.strip_prefix("i=").ok_or(Unverifiable::UnknownForm)?;
        Self::of(digest, iterations, base64::standard(salt), key.filter(has_length))
    }

    /// Parses what follows Django's `pbkdf2_sha256$` or `pbkdf2_sha1$`. The salt is text.
    pub(super) fn parse_django(digest: MessageDigest, text: &str) -> Result<Self, Unverifiable> {
        let [iterations, salt, key] = *text.split('$').collect::<Vec<_>>() else {
            return Err(Unverifiable::UnknownForm);
        };
        Self::of(
            digest,
            iterations,
            Some(salt.as_bytes().to_vec()),
            base64::standard(key),
        )
    }

    fn of(
        digest: MessageDigest,
        iterations: &str,
        salt: Option<Vec<u8>>,
        key: Option<Vec<u8>>,
    ) -> Result<Self, Unverifiable> {
        let iterations = iterations.parse::<usize>().ok().filter(|count| *count > 0);
        let key = key.filter(|key| KEY_LENGTHS.contains(&key.len()));
        let (Some(iterations), Some(salt), Some(key)) = (iterations, salt, key) else {
            return Err(Unverifiable::UnknownForm);
        };
        let blocks = key.len().div_ceil(digest.size());
        let weight = if digest.size() == LONG_DIGEST { 2 } else { 1 };
        if iterations.saturating_mul(blocks * weight) > MOST_ITERATIONS {
            return Err(Unverifiable::ExcessiveCost);
        }
        Ok(Self {
            digest,
            iterations,
            salt,
            key,
        })
    }

    /// Returns whether the password has this hash.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut key = vec![0; self.key.len()];
        pkcs5::pbkdf2_hmac(password, &self.salt, self.iterations, self.digest, &mut key)
            .is_ok_and(|()| key.ct_eq(&self.key).into())
    }
}

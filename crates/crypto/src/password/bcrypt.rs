//! bcrypt: `$2b$12$` with a salt of 22 letters and a digest of 31. passlib and Django can also hash a digest of the
//! password with it.

use hmac::{Hmac, KeyInit, Mac};
use portcullis_application::ports::Unverifiable;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::base64;
use crate::hex;

/// The lowest cost of bcrypt.
const LEAST_COST: u32 = 4;
/// Maximum cost of a stored hash: about a second of work.
const MOST_COST: u32 = 14;
/// The bytes that bcrypt reads. The original libraries ignore all further bytes of a password.
const BYTES_READ: usize = 72;
const SALT_LETTERS: usize = 22;
/// bcrypt stores 23 of 24 bytes.
const DIGEST_LENGTH: usize = 23;

/// A stored bcrypt hash.
pub(super) struct Stored {
    input: Input,
    cost: u32,
    salt: [u8; 16],
    digest: Vec<u8>,
}

/// What is hashed.
enum Input {
    /// The password.
    Password,
    /// The password's SHA-256 in hexadecimal, as in Django.
    HexDigest,
    /// The password's SHA-256 in base64, as in the first version of passlib's `bcrypt_sha256`.
    Base64Digest,
    /// The password's HMAC-SHA-256 in base64, as in the second version. The key is the text of the salt.
    Keyed(String),
}

impl Stored {
    /// Parses `$2b$12$…`. The versions `2a`, `2b` and `2y` are the same algorithm in different libraries.
    pub(super) fn parse(text: &str) -> Result<Self, Unverifiable> {
        Self::parse_with(text, Input::Password)
    }

    /// Parses what follows Django's `bcrypt_sha256$`.
    pub(super) fn parse_django_sha256(text: &str) -> Result<Self, Unverifiable> {
        Self::parse_with(text, Input::HexDigest)
    }

    fn parse_with(text: &str, input: Input) -> Result<Self, Unverifiable> {
        let ["", version, cost, tail] = split(text)? else {
            return Err(Unverifiable::UnknownForm);
        };
        check_version(version)?;
        let (salt, digest) = tail
            .split_at_checked(SALT_LETTERS)
            .ok_or(Unverifiable::UnknownForm)?;
        Self::of(input, cost, salt, digest)
    }

    /// Parses passlib's `bcrypt-sha256$v=2,t=2b,r=12$salt$digest` and `bcrypt-sha256$2b,12$salt$digest`.
    pub(super) fn parse_passlib_sha256(rest: &str) -> Result<Self, Unverifiable> {
        let [_, parameters, salt, digest] = split(rest)?;
        let (version, cost, input) = match *parameters.split(',').collect::<Vec<_>>() {
            ["v=2", version, cost] => (
                version.strip_prefix("t="),
                cost.strip_prefix("r="),
                Input::Keyed(salt.to_owned()),
            ),
            [version, cost] => (Some(version), Some(cost), Input::Base64Digest),
            _ => return Err(Unverifiable::UnknownForm),
        };
        check_version(version.ok_or(Unverifiable::UnknownForm)?)?;
        Self::of(input, cost.ok_or(Unverifiable::UnknownForm)?, salt, digest)
    }

    fn of(input: Input, cost: &str, salt: &str, digest: &str) -> Result<Self, Unverifiable> {
        let salt = base64::bcrypt(salt).and_then(|salt| salt.try_into().ok());
        let digest = base64::bcrypt(digest).filter(|digest| digest.len() == DIGEST_LENGTH);
        let cost = cost.parse().ok().filter(|cost| *cost >= LEAST_COST);
        let (Some(salt), Some(digest), Some(cost)) = (salt, digest, cost) else {
            return Err(Unverifiable::UnknownForm);
        };
        if cost > MOST_COST {
            return Err(Unverifiable::ExcessiveCost);
        }
        Ok(Self {
            input,
            cost,
            salt,
            digest,
        })
    }

    /// Returns whether the password has this hash.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut key = match &self.input {
            Input::Password => password.to_vec(),
            Input::HexDigest => hex::encode(&Sha256::digest(password)).into_bytes(),
            Input::Base64Digest => base64::encode(&Sha256::digest(password)).into_bytes(),
            Input::Keyed(salt) => base64::encode(&keyed(salt.as_bytes(), password)).into_bytes(),
        };
        // The byte after the password is part of the key. A NUL in the password is a byte as any other.
        key.push(0);
        key.truncate(BYTES_READ);
        let computed = bcrypt::bcrypt(self.cost, self.salt, &key);
        computed
            .get(..DIGEST_LENGTH)
            .is_some_and(|digest| digest.ct_eq(&self.digest).into())
    }
}

fn keyed(key: &[u8], password: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    // A key of any length is accepted.
    mac.map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(password).finalize().into_bytes().to_vec(),
    )
}

fn check_version(version: &str) -> Result<(), Unverifiable> {
    match version {
        "2a" | "2b" | "2y" => Ok(()),
        _ => Err(Unverifiable::UnknownForm),
    }
}

fn split(text: &str) -> Result<[&str; 4], Unverifiable> {
    let parts: Vec<_> = text.split('$').collect();
    parts.try_into().map_err(|_| Unverifiable::UnknownForm)
}

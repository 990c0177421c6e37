//! scrypt in Better Auth's format (`salthex:keyhex`), in PHC format (`$scrypt$ln=16,r=8,p=1$salt$key`) and in Django's
//! (`scrypt$16384$salt$8$5$key`).

use openssl::pkcs5;
use portcullis_application::ports::{Failure, Unverifiable};
use portcullis_domain::{password::PasswordHash, secret::Secret};
use subtle::ConstantTimeEq;

use super::base64;
use crate::hex;

/// Better Auth's parameters.
const BETTER_AUTH: Parameters = Parameters {
    n: 16_384,
    r: 16,
    p: 1,
};
const BETTER_AUTH_KEY_LENGTH: usize = 64;
/// Minimum and maximum length of a key in the other formats. A short key would match many passwords.
const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// Maximum of N · r, which are blocks of 128 bytes: 128 MiB.
const MOST_BLOCKS: u64 = 1 << 20;
/// Maximum of N · r · p, the number of blocks that are computed.
const MOST_WORK: u64 = 1 << 21;
/// Memory limit for OpenSSL, which needs a little more than the blocks.
const MOST_MEMORY: u64 = 2 * 128 * MOST_BLOCKS;

/// The cost of a hash.
#[derive(Clone, Copy)]
pub(super) struct Parameters {
    pub(super) n: u64,
    pub(super) r: u64,
    pub(super) p: u64,
}

impl Parameters {
    /// Returns the parameters if scrypt accepts them and they are within the limits.
    fn checked(self) -> Result<Self, Unverifiable> {
        let blocks = self.n.checked_mul(self.r);
        let work = blocks.and_then(|blocks| blocks.checked_mul(self.p));
        if self.n < 2 || !self.n.is_power_of_two() || self.r == 0 || self.p == 0 {
            return Err(Unverifiable::UnknownForm);
        }
        if blocks.is_none_or(|blocks| blocks > MOST_BLOCKS) || work.is_none_or(|work| work > MOST_WORK) {
            return Err(Unverifiable::ExcessiveCost);
        }
        Ok(self)
    }

    /// Computes a key.
    pub(super) fn derive(self, password: &[u8], salt: &[u8], key: &mut [u8]) -> Result<(), Failure> {
        let Self { n, r, p } = self;
        pkcs5::scrypt(password, salt, n, r, p, MOST_MEMORY, key).map_err(Failure::new)
    }
}

/// Returns a new hash in Better Auth's format. The salt is the hexadecimal text itself.
pub(super) fn hash(normalized: &Secret<String>, salt: [u8; 16]) -> Result<PasswordHash, Failure> {
    let salt = hex::encode(&salt);
    let mut key = [0; BETTER_AUTH_KEY_LENGTH];
    BETTER_AUTH.derive(normalized.expose().as_bytes(), salt.as_bytes(), &mut key)?;
    Ok(PasswordHash::new(format!("{salt}:{}", hex::encode(&key))))
}

/// A stored hash.
pub(super) struct Stored {
    parameters: Parameters,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Stored {
    /// Parses Better Auth's format.
    pub(super) fn parse_better_auth(text: &str) -> Result<Self, Unverifiable> {
        let (salt, key) = text.split_once(':').ok_or(Unverifiable::UnknownForm)?;
        let key = hex::decode(key).filter(|key| key.len() == BETTER_AUTH_KEY_LENGTH);
        Ok(Self {
            parameters: BETTER_AUTH,
            salt: salt.as_bytes().to_vec(),
            key: key.ok_or(Unverifiable::UnknownForm)?,
        })
    }

    /// Parses PHC format.
    pub(super) fn parse_phc(text: &str) -> Result<Self, Unverifiable> {
        let ["", "scrypt", parameters, salt, key] = *text.split('$').collect::<Vec<_>>() else {
            return Err(Unverifiable::UnknownForm);
        };
        let [n, r, p] = *parameters.split(',').collect::<Vec<_>>() else {
            return Err(Unverifiable::UnknownForm);
        };
        let n = value(n, "ln=").and_then(|log| u32::try_from(log).ok());
        // A power beyond 64 bits exceeds every limit.
        let n = n.map(|log| 1_u64.checked_shl(log).unwrap_or(1 << 63));
        let salt = base64::standard(salt);
        Self::of([n, value(r, "r="), value(p, "p=")], salt, base64::standard(key))
    }

    /// Parses what follows Django's `scrypt$`. The salt is text.
    pub(super) fn parse_django(text: &str) -> Result<Self, Unverifiable> {
        let [n, salt, r, p, key] = *text.split('$').collect::<Vec<_>>() else {
            return Err(Unverifiable::UnknownForm);
        };
        let parameters = [n, r, p].map(|number| value(number, ""));
        let salt = Some(salt.as_bytes().to_vec());
        Self::of(parameters, salt, base64::standard(key))
    }

    fn of(
        parameters: [Option<u64>; 3],
        salt: Option<Vec<u8>>,
        key: Option<Vec<u8>>,
    ) -> Result<Self, Unverifiable> {
        let key = key.filter(|key| KEY_LENGTHS.contains(&key.len()));
        let ([Some(n), Some(r), Some(p)], Some(salt), Some(key)) = (parameters, salt, key) else {
            return Err(Unverifiable::UnknownForm);
        };
        Ok(Self {
            parameters: Parameters { n, r, p }.checked()?,
            salt,
            key,
        })
    }

    /// Returns whether the password has this hash.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut key = vec![0; self.key.len()];
        self.parameters
            .derive(password, &self.salt, &mut key)
            .is_ok_and(|()| key.ct_eq(&self.key).into())
    }
}

/// Returns the number after a name.
fn value(text: &str, name: &str) -> Option<u64> {
    text.strip_prefix(name)?.parse().ok()
}

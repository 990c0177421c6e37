//! Encrypted JWTs: `dir` and `A256CBC-HS512` (RFC 7518, 5.2).

mod header;
mod key;

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::Random;

use self::{
    header::Header,
    key::{IV_LENGTH, Key},
};
use crate::secrets::{RotatedKeys, Secrets};

/// Allowed clock difference in seconds, as in Better Auth.
pub(crate) const TOLERANCE: i64 = 15;

/// Encrypts claims of one kind.
pub(crate) struct Jwe {
    keys: RotatedKeys<Key>,
    random: Arc<dyn Random>,
}

impl Jwe {
    /// Encrypts with keys that are derived for this salt, so that claims of another kind cannot be decrypted.
    pub(crate) fn new(secrets: &Secrets, salt: &[u8], random: Arc<dyn Random>) -> Self {
        Self {
            keys: secrets.keys(|secret| Key::new(secret, salt)),
            random,
        }
    }

    /// Encrypts the claims that `write` returns for a token id.
    pub(crate) fn seal(&self, write: impl FnOnce(&str) -> Vec<u8>) -> String {
        let key = self.keys.first();
        let header = format!(r#"{{"alg":"dir","enc":"A256CBC-HS512","kid":"{}"}}"#, key.id);
        let header = BASE64_URL_SAFE_NO_PAD.encode(header);
        let mut iv = [0; IV_LENGTH];
        self.random.fill(&mut iv);
        let claims = write(&self.uuid());
        let (sealed, tag) = key.encrypt(&header, &iv, &claims);
        let [iv, sealed, tag] = [&iv[..], &sealed, &tag].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        format!("{header}..{iv}.{sealed}.{tag}")
    }

    /// Returns the claims of a genuine JWE. The caller must check whether they have expired.
    pub(crate) fn open(&self, text: &str) -> Option<Vec<u8>> {
        let mut parts = text.split('.');
        let mut part = || parts.next();
        let (header, no_key, iv, sealed, tag) = (part()?, part()?, part()?, part()?, part()?);
        if !no_key.is_empty() || part().is_some() {
            return None;
        }
        let Header { kid, .. } = Header::parse(header)?;
        let [iv, sealed, tag] = [iv, sealed, tag].map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let (iv, sealed, tag) = (iv?, sealed?, tag?);
        self.keys
            .iter()
            .filter(|key| kid.as_ref().is_none_or(|kid| *kid == key.id))
            .find_map(|key| key.decrypt(header, &iv, &sealed, &tag))
    }

    /// Returns a random UUID (RFC 9562, version 4).
    fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        let number = u128::from_be_bytes(bytes);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            number >> 96,
            number >> 80 & 0xffff,
            number >> 64 & 0x0fff | 0x4000,
            number >> 48 & 0x3fff | 0x8000,
            number & 0xffff_ffff_ffff,
        )
    }
}

#[cfg(test)]
mod tests {
    use portcullis_application::testing::SeededRandom;

    use super::*;
    use crate::testing::{SECRET, secrets};

    const SALT: &[u8] = b"better-auth-session";

    /// Always returns the same byte.
    struct Constant(u8);

    impl Random for Constant {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn a_token_id_is_a_random_uuid() {
        for (byte, uuid) in [
            (0x00, "00000000-0000-4000-8000-000000000000"),
            (0xff, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        ] {
            let jwe = Jwe::new(&secrets(&[SECRET]), SALT, Arc::new(Constant(byte)));
            assert_eq!(jwe.uuid(), uuid);
        }
        let jwe = Jwe::new(&secrets(&[SECRET]), SALT, Arc::new(SeededRandom::default()));
        assert_ne!(jwe.uuid(), jwe.uuid());
    }
}

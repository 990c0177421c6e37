//! Encrypted JWTs: `dir` and `A256CBC-HS512` (RFC 7518, 5.2).

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use openssl::symm::{self, Cipher};
use portcullis_application::ports::Random;
use portcullis_domain::secret::Secret;
use serde::Deserialize;
use sha2::{Digest, Sha256, Sha512};

use crate::{
    keys,
    secrets::{RotatedKeys, Secrets},
};

const LABEL: &[u8] = b"BetterAuth.js Generated Encryption Key";
/// Allowed clock difference in seconds, as in Better Auth.
pub(crate) const TOLERANCE: i64 = 15;
const HALF: usize = 32;
const IV_LENGTH: usize = 16;

/// Encrypts claims of one kind.
pub(crate) struct Jwe {
    keys: RotatedKeys<Key>,
    random: Arc<dyn Random>,
}

/// An encryption key and its `kid`. josekit is not used for JWEs: it decrypts before it compares the tags, and does not
/// compare them in constant time.
struct Key {
    mac: Hmac<Sha512>,
    cipher: Secret<Vec<u8>>,
    id: String,
}

/// The allowed members of a header. Others, such as compression, key derivation cost and extensions, are rejected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
}

impl Header {
    fn parse(text: &str) -> Option<Self> {
        let text = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let header: Self = serde_json::from_slice(&text).ok()?;
        (header.alg == "dir" && header.enc == "A256CBC-HS512").then_some(header)
    }
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

impl Key {
    fn new(secret: &Secret<String>, salt: &[u8]) -> Self {
        let key = keys::derived::<{ 2 * HALF }>(secret, Some(salt), LABEL);
        let k = BASE64_URL_SAFE_NO_PAD.encode(key.expose());
        // The thumbprint of the key as a JWK (RFC 7638).
        let thumbprint = Sha256::digest(format!(r#"{{"k":"{k}","kty":"oct"}}"#));
        let (mac, cipher) = key.expose().split_at(HALF);
        Self {
            mac: keys::hmac_sha512(mac),
            cipher: Secret::new(cipher.to_vec()),
            id: BASE64_URL_SAFE_NO_PAD.encode(thumbprint),
        }
    }

    #[expect(clippy::expect_used, reason = "key and nonce have the cipher's length")]
    fn encrypt(&self, header: &str, iv: &[u8], claims: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let sealed = symm::encrypt(Cipher::aes_256_cbc(), self.cipher.expose(), Some(iv), claims)
            .expect("AES accepts every text");
        let tag = self.authentic(header, iv, &sealed).finalize().into_bytes();
        let tag = tag.iter().copied().take(HALF).collect();
        (sealed, tag)
    }

    /// Verifies the tag before it decrypts.
    fn decrypt(&self, header: &str, iv: &[u8], sealed: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
        if iv.len() != IV_LENGTH || tag.len() != HALF {
            return None;
        }
        self.authentic(header, iv, sealed)
            .verify_truncated_left(tag)
            .ok()?;
        symm::decrypt(Cipher::aes_256_cbc(), self.cipher.expose(), Some(iv), sealed).ok()
    }

    fn authentic(&self, header: &str, iv: &[u8], sealed: &[u8]) -> Hmac<Sha512> {
        let bits = 8 * header.len() as u64;
        self.mac
            .clone()
            .chain_update(header)
            .chain_update(iv)
            .chain_update(sealed)
            .chain_update(bits.to_be_bytes())
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

    /// From the contract's vectors.
    #[test]
    fn the_key_equals_better_auths() {
        let key = Key::new(secrets(&[SECRET]).first(), SALT);
        assert_eq!(key.id, "9FxAKt3hSIwuAwvpuUX0Th1Ykf8lCZH7E4PZkgxrJW0");
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(key.cipher.expose()),
            "E5RcrV538vwYHM_30nTwlhvnxCTHHWN4Qm2okrsDtmg"
        );
    }
}

//! The key of JWEs: its derivation, and the encryption with it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use openssl::symm::{self, Cipher};
use portcullis_domain::secret::Secret;
use sha2::{Digest, Sha256, Sha512};

use crate::keys;

const LABEL: &[u8] = b"BetterAuth.js Generated Encryption Key";
const HALF: usize = 32;
pub(super) const IV_LENGTH: usize = 16;

/// An encryption key and its `kid`. josekit is not used for JWEs: it decrypts before it compares the tags, and does not
/// compare them in constant time.
pub(super) struct Key {
    mac: Hmac<Sha512>,
    cipher: Secret<Vec<u8>>,
    pub(super) id: String,
}

impl Key {
    pub(super) fn new(secret: &Secret<String>, salt: &[u8]) -> Self {
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
    pub(super) fn encrypt(&self, header: &str, iv: &[u8], claims: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let sealed = symm::encrypt(Cipher::aes_256_cbc(), self.cipher.expose(), Some(iv), claims)
            .expect("AES accepts every text");
        let tag = self.authentic(header, iv, &sealed).finalize().into_bytes();
        let tag = tag.iter().copied().take(HALF).collect();
        (sealed, tag)
    }

    /// Verifies the tag before it decrypts.
    pub(super) fn decrypt(&self, header: &str, iv: &[u8], sealed: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
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
    use super::*;
    use crate::testing::{SECRET, secrets};

    const SALT: &[u8] = b"better-auth-session";

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

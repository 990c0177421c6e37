//! XChaCha20-Poly1305 with keys from the deployment's secrets.

use std::sync::Arc;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead as _};
use portcullis_application::ports::{Cipher, Failure, Opened, Random, SealPurpose, Sealed};
use portcullis_domain::secret::Secret;
use sha2::{Digest, Sha256};

use crate::{
    hex, keys,
    secrets::{RotatedKeys, Secrets},
};

/// HKDF label of the key for [`SealPurpose::Message`].
const MESSAGE: &[u8] = b"portcullis message";
/// Later versions of Better Auth write this, the number of the secret and another `$` before a ciphertext.
const ENVELOPE: &str = "$ba$";
const NONCE_LENGTH: usize = 24;

/// Encrypts in Better Auth's format: hexadecimal digits of the nonce and the ciphertext.
pub struct Aead {
    better_auth: RotatedKeys<XChaCha20Poly1305>,
    message: RotatedKeys<XChaCha20Poly1305>,
    random: Arc<dyn Random>,
}

impl Aead {
    /// Encrypts what Better Auth also stores with the SHA-256 of the secrets, as Better Auth does, and messages with
    /// derived keys. `random` is the source of nonces.
    #[must_use]
    pub fn new(secrets: &Secrets, random: Arc<dyn Random>) -> Self {
        Self {
            better_auth: secrets
                .keys(|secret| XChaCha20Poly1305::new(&Sha256::digest(secret.expose().as_bytes()))),
            message: secrets.keys(|secret| {
                let key = keys::derived::<32>(secret, None, MESSAGE);
                XChaCha20Poly1305::new(key.expose().into())
            }),
            random,
        }
    }

    const fn keys(&self, purpose: SealPurpose) -> &RotatedKeys<XChaCha20Poly1305> {
        match purpose {
            SealPurpose::SigningKey
            | SealPurpose::Code
            | SealPurpose::TwoFactor
            | SealPurpose::AuthorizationState
            | SealPurpose::ProviderToken => &self.better_auth,
            SealPurpose::Message => &self.message,
        }
    }
}

impl Cipher for Aead {
    #[expect(
        clippy::expect_used,
        reason = "no text in memory comes near the cipher's 256 GiB"
    )]
    fn seal(&self, purpose: SealPurpose, text: &str) -> Sealed {
        let mut sealed = vec![0; NONCE_LENGTH];
        self.random.fill(&mut sealed);
        let nonce = XNonce::try_from(sealed.as_slice()).expect("the buffer has a nonce's length");
        let key = self.keys(purpose).first();
        sealed.extend(
            key.encrypt(&nonce, text.as_bytes())
                .expect("the text is short enough"),
        );
        Sealed(hex::encode(&sealed))
    }

    fn open(&self, purpose: SealPurpose, sealed: &Sealed) -> Result<Opened, Failure> {
        let digits = match purpose {
            SealPurpose::SigningKey
            | SealPurpose::Code
            | SealPurpose::TwoFactor
            | SealPurpose::AuthorizationState
            | SealPurpose::ProviderToken => without_envelope(&sealed.0),
            SealPurpose::Message => &sealed.0,
        };
        let bytes = hex::decode(digits).ok_or_else(|| Failure::new("the ciphertext is not hexadecimal"))?;
        let (nonce, sealed) = bytes
            .split_first_chunk::<NONCE_LENGTH>()
            .ok_or_else(|| Failure::new("the ciphertext is truncated"))?;
        let decrypted = |key: &XChaCha20Poly1305| key.decrypt(nonce.into(), sealed).ok();
        let (place, text) = self
            .keys(purpose)
            .iter()
            .enumerate()
            .find_map(|(place, key)| Some((place, decrypted(key)?)))
            .ok_or_else(|| undecryptable(purpose))?;
        let text = String::from_utf8(text).map_err(|_| Failure::new("the decrypted text is not UTF-8"))?;
        Ok(Opened {
            text: Secret::new(text),
            is_stale: place > 0,
        })
    }
}

fn undecryptable(purpose: SealPurpose) -> Failure {
    let what = match purpose {
        SealPurpose::SigningKey => "a signing key of JWTs",
        SealPurpose::Code => "a one-time code",
        SealPurpose::TwoFactor => "the second factor of a user",
        SealPurpose::AuthorizationState => "the state of an authorization request",
        SealPurpose::ProviderToken => "a token of a provider",
        SealPurpose::Message => "a queued message",
    };
    Failure::new(format!(
        "could not decrypt {what}: add the secret with which it was encrypted to `secrets`"
    ))
}

/// Removes the envelope. Its number is ignored: each deployment numbers its secrets itself, and a wrong key never
/// decrypts.
fn without_envelope(text: &str) -> &str {
    text.strip_prefix(ENVELOPE)
        .and_then(|rest| rest.split_once('$'))
        .filter(|(version, _)| version.bytes().all(|byte| byte.is_ascii_digit()) && !version.is_empty())
        .map_or(text, |(_, digits)| digits)
}

#[cfg(test)]
mod tests;

//! Choice of the signing key, and encryption of private keys.

use portcullis_domain::{
    jwt::{Algorithm, StoredKey, that_signs},
    secret::Secret,
};
use serde_json::Value;

use super::{Keys, Signing};
use crate::ports::{Failure, SealPurpose, Sealed};

/// A decrypted key.
pub(super) struct Opened<'a> {
    pub(super) stored: &'a StoredKey,
    pub(super) signing: Signing,
    /// The private key, if it should be re-encrypted.
    pub(super) stale: Option<Secret<String>>,
}

impl Keys {
    /// Returns the key that signs now. `keys` must start with the newest. A key that cannot be decrypted stays
    /// published, but neither it nor any older key signs: it was encrypted with a secret that is no longer configured.
    pub(super) fn choose<'a>(&self, keys: &[&'a StoredKey]) -> Option<Opened<'a>> {
        let newest = keys.first()?;
        let now = self.clock.now();
        let opened = keys.iter().copied().map_while(|key| match self.open(key) {
            Ok(opened) => Some((key, opened)),
            Err(_unusable) => {
                if key.id == newest.id && key.may_sign(now) {
                    tracing::warn!(key = %key.id, "could not decrypt a signing key; a new key replaces it");
                }
                None
            }
        });
        that_signs(opened, now).map(|(_key, opened)| opened)
    }

    /// Returns for each algorithm in use whether its newest key can be decrypted, or `None` if no key may sign.
    pub(in crate::jwt) async fn opens_newest(&self) -> Result<Vec<(Algorithm, Option<bool>)>, Failure> {
        let keys = self.store.autocommit().jwks().list().await?;
        let opens = |algorithm| {
            let keys = self.of_group(self.algorithms.group_of(algorithm), &keys);
            let newest = keys.first().filter(|key| key.may_sign(self.clock.now()));
            newest.map(|key| self.private(&key.private).is_ok())
        };
        let algorithms = self.algorithms.all();
        Ok(algorithms
            .map(|algorithm| (algorithm, opens(algorithm)))
            .collect())
    }

    fn open<'a>(&self, key: &'a StoredKey) -> Result<Opened<'a>, Failure> {
        let algorithm = self.algorithm(key);
        let algorithm = algorithm.ok_or_else(|| Failure::new("the public key cannot be used"))?;
        let (text, is_stale) = self.private(&key.private)?;
        let signing = self.signer.open(algorithm, &text)?;
        Ok(Opened {
            stored: key,
            signing: Signing::new(key, signing, self.clock.now()),
            stale: is_stale.then_some(text),
        })
    }

    /// Returns the private JWK, and whether it was encrypted with an old secret.
    fn private(&self, stored: &Secret<String>) -> Result<(Secret<String>, bool), Failure> {
        match serde_json::from_str(stored.expose()).map_err(Failure::new)? {
            Value::String(sealed) => {
                let opened = self.cipher.open(SealPurpose::SigningKey, &Sealed(sealed))?;
                Ok((opened.text, opened.is_stale))
            }
            _jwk => Ok((stored.clone(), false)),
        }
    }

    /// Returns the private JWK in its stored form.
    pub(super) fn stored(&self, private: &Secret<String>) -> Secret<String> {
        if self.options.encrypts_private_keys {
            self.encrypted(private)
        } else {
            private.clone()
        }
    }

    /// wire: Better Auth stores the encrypted key as a JSON string.
    fn encrypted(&self, private: &Secret<String>) -> Secret<String> {
        let sealed = self.cipher.seal(SealPurpose::SigningKey, private.expose());
        Secret::new(Value::String(sealed.0).to_string())
    }

    pub(super) async fn re_encrypt(&self, key: &StoredKey, private: &Secret<String>) -> Result<(), Failure> {
        let to = self.encrypted(private);
        let mut db = self.store.autocommit();
        db.jwks().replace_private(&key.id, &key.private, &to).await?;
        Ok(())
    }
}

//! JWTs, by which other servers identify a user without a request to this server.

mod claims;
mod keys;
mod token_issuer;

use std::sync::Arc;

use portcullis_domain::{
    id::KeyId,
    jwt::{Algorithm, RotationPolicy},
    user::User,
};
use serde_json::{Map, Value};

pub use self::claims::{ClaimOptions, Subject};
use self::keys::Keys;
use crate::{
    housekeeping::Deletion,
    ports::{Clock, Failure, Ports, Store, TokenSigner},
};

/// Options of JWTs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtOptions {
    /// The algorithm of new keys; existing keys keep theirs.
    pub algorithm: Algorithm,
    /// The length of a new RSA key, in bits.
    pub modulus_length: u32,
    /// When keys are rotated.
    pub rotation: RotationPolicy,
    /// Whether private keys are stored encrypted.
    pub encrypts_private_keys: bool,
    /// Whether private keys that were encrypted with an old secret are re-encrypted with the first secret. Must be off
    /// while another server knows only the old secret.
    pub re_encrypts: bool,
    /// What happens to keys after their grace period.
    pub ended_keys: EndedKeys,
    /// The claims.
    pub claims: ClaimOptions,
    /// Whether responses that contain a session carry a JWT in a header.
    pub sets_header: bool,
}

/// What happens to keys after their grace period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedKeys {
    /// Housekeeping deletes them.
    Deleted,
    /// They are kept, since another server may want to publish them for longer.
    Kept,
}

impl JwtOptions {
    /// Returns what housekeeping deletes: keys whose grace period is over. `None`: they are kept forever.
    #[must_use]
    pub fn deletion(&self) -> Option<Deletion> {
        (self.ended_keys == EndedKeys::Deleted).then_some(Deletion {
            rows: "keys",
            kept: self.rotation.grace,
            delete: |db, before, limit| db.jwks().delete_ended(before, limit),
        })
    }
}

/// When a key that an operator creates begins to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Once verifiers can know it: it is published before.
    Announced,
    /// At once: the previous key may be compromised.
    AtOnce,
}

/// Issues JWTs and publishes the keys that verify them. Clones share the cached signing key.
#[derive(Clone)]
pub struct Jwt {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    signer: Arc<dyn TokenSigner>,
    keys: Arc<Keys>,
    options: JwtOptions,
}

impl Jwt {
    /// Issues JWTs by these options.
    #[must_use]
    pub fn new(ports: &Ports, options: JwtOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            signer: Arc::clone(&ports.token_signer),
            keys: Arc::new(Keys::new(ports, options.clone())),
            options,
        }
    }

    /// Returns whether responses that contain a session carry a JWT in a header.
    #[must_use]
    pub const fn sets_header(&self) -> bool {
        self.options.sets_header
    }

    /// Returns a JWT for a user whose live session was read for this request. `view` is the user as clients see it.
    ///
    /// # Errors
    ///
    /// If there is no key and none can be created, or if the store fails.
    pub async fn token(&self, user: &User, view: Map<String, Value>) -> Result<String, Failure> {
        let key = self.keys.signing().await?;
        let claims = self.options.claims.of(user, view, self.clock.now());
        key.sign(&claims.to_string())
    }

    /// Returns the published keys, each as a JWK (RFC 7517) in Better Auth's order. Creates the first key if there is
    /// none.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn key_set(&self) -> Result<Vec<Value>, Failure> {
        let mut keys = self.store.autocommit().jwks().list().await?;
        if keys.is_empty() {
            self.keys.signing().await?;
            keys = self.store.autocommit().jwks().list().await?;
        }
        let now = self.clock.now();
        let published = keys
            .iter()
            .filter(|key| key.is_published(self.options.rotation, now));
        Ok(published
            .filter_map(|key| self.publish(&key.id, &key.public))
            .collect())
    }

    /// Reads which key signs, and creates the next one in time. Called periodically, it keeps requests from waiting for
    /// a key.
    ///
    /// # Errors
    ///
    /// If no key can be created, or if the store fails.
    pub async fn refresh(&self) -> Result<(), Failure> {
        self.keys.refresh().await
    }

    /// Creates another key. Once it begins to sign, older keys no longer sign; they stay published for their grace
    /// period.
    ///
    /// # Errors
    ///
    /// If no key can be created, or if the store fails.
    pub async fn rotate(&self, rotation: Rotation) -> Result<KeyId, Failure> {
        self.keys.rotate(rotation).await
    }

    /// Returns whether the newest key can be decrypted. `None`: there is no key that may sign. Changes nothing.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn opens_newest_key(&self) -> Result<Option<bool>, Failure> {
        self.keys.opens_newest().await
    }

    /// wire: the stored JWK, with the algorithm and the curve first and the id last.
    fn publish(&self, id: &KeyId, public: &str) -> Option<Value> {
        let algorithm = self.signer.algorithm(public, self.options.algorithm)?;
        let Ok(Value::Object(members)) = serde_json::from_str(public) else {
            return None;
        };
        let mut key = Map::new();
        key.insert("alg".to_owned(), algorithm.name().into());
        if let Some(curve) = members.get("crv") {
            key.insert("crv".to_owned(), curve.clone());
        }
        key.extend(members);
        key.insert("kid".to_owned(), id.as_str().into());
        Some(Value::Object(key))
    }
}

#[cfg(test)]
mod tests;

//! JWTs: who somebody is, for servers that do not ask us.

mod claims;
mod keys;

use std::sync::Arc;

use portcullis_domain::{
    id::KeyId,
    jwt::{Algorithm, RotationPolicy},
    user::User,
};
use serde_json::{Map, Value};

pub use self::claims::{ClaimOptions, Subject};
use self::keys::Keys;
use crate::ports::{Clock, Failure, Ports, Store, TokenSigner};

/// How JWTs are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtOptions {
    /// The algorithm of new keys; those that are there keep theirs.
    pub algorithm: Algorithm,
    /// How long a new RSA key is, in bits.
    pub modulus_length: u32,
    /// When keys change.
    pub rotation: RotationPolicy,
    /// Whether private keys are stored encrypted.
    pub encrypts_private_keys: bool,
    /// Whether private keys that were encrypted with an old secret are encrypted anew with the first. Another server
    /// may know the old one alone.
    pub re_encrypts: bool,
    /// What they say.
    pub claims: ClaimOptions,
    /// Whether they stand in a header of answers that tell a session.
    pub rides_along: bool,
}

/// When a key that is made by hand begins to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// When verifiers can know it: it is published before.
    Announced,
    /// At once: the key before it may be known to somebody.
    AtOnce,
}

/// Makes JWTs and publishes the keys that verify them. A clone has the same key at hand.
#[derive(Clone)]
pub struct Jwt {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    signer: Arc<dyn TokenSigner>,
    keys: Arc<Keys>,
    options: JwtOptions,
}

impl Jwt {
    /// Makes JWTs by these options.
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

    /// Whether a JWT stands in a header of answers that tell a session.
    #[must_use]
    pub const fn rides_along(&self) -> bool {
        self.options.rides_along
    }

    /// A JWT of a user whose live session was read for this request. `view` is what clients see of the user.
    ///
    /// # Errors
    ///
    /// Where there is no key and none can be made, or the store fails.
    pub async fn token(&self, user: &User, view: Map<String, Value>) -> Result<String, Failure> {
        let key = self.keys.signing().await?;
        let claims = self.options.claims.of(user, view, self.clock.now());
        key.sign(&claims.to_string())
    }

    /// The keys by which our JWTs are verified, each as a JWK (RFC 7517) in the reference's order. Where none was ever
    /// made, one is.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn key_set(&self) -> Result<Vec<Value>, Failure> {
        let mut keys = self.store.read().jwks().list().await?;
        if keys.is_empty() {
            self.keys.signing().await?;
            keys = self.store.read().jwks().list().await?;
        }
        let now = self.clock.now();
        let published = keys
            .iter()
            .filter(|key| key.is_published(self.options.rotation, now));
        Ok(published
            .filter_map(|key| self.publish(&key.id, &key.public))
            .collect())
    }

    /// Looks which key signs, and makes the next one in time: whoever calls this now and then keeps requests from
    /// waiting for a key.
    ///
    /// # Errors
    ///
    /// Where no key can be made, or the store fails.
    pub async fn refresh(&self) -> Result<(), Failure> {
        self.keys.refresh().await
    }

    /// Makes another key. Those before it sign nothing more once it begins to sign, and are published for their grace
    /// after that.
    ///
    /// # Errors
    ///
    /// Where no key can be made, or the store fails.
    pub async fn rotate(&self, rotation: Rotation) -> Result<KeyId, Failure> {
        self.keys.rotate(rotation).await
    }

    /// wire: what is stored, with the algorithm and the curve before it and the id behind it.
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

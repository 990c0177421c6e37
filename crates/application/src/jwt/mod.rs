//! JWTs, by which other servers identify a user without a request to this server.

mod audience;
mod claims;
mod keys;
mod token_inspector;
mod token_issuer;

use std::sync::Arc;

use portcullis_domain::{
    id::{KeyId, SessionId},
    jwt::{Algorithm, Algorithms, KeyGroup, RotationPolicy, StoredKey},
    user::User,
};
use serde_json::{Map, Value};

use self::keys::Keys;
pub use self::{
    audience::AudienceOptions,
    claims::{ClaimOptions, Subject},
};
use crate::{
    housekeeping::Deletion,
    ports::{Clock, Failure, Ports, Random, RandomExt as _, Store, TokenVerifier},
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
    /// The claims of tokens for the default audience.
    pub claims: ClaimOptions,
    /// The audiences for which clients may request tokens of their own.
    pub audiences: Vec<AudienceOptions>,
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
    /// Returns the algorithms in use.
    pub(crate) fn algorithms(&self) -> Algorithms {
        let own = self.audiences.iter().filter_map(|audience| audience.algorithm);
        Algorithms::new(self.algorithm, own)
    }

    /// Returns the audiences that a token can have as its only audience.
    #[must_use]
    pub fn sole_audiences(&self) -> Vec<&str> {
        let default = match self.claims.audience.as_slice() {
            [one] => Some(one.as_str()),
            _ => None,
        };
        let own = self.audiences.iter().map(|own| own.audience.as_str());
        default.into_iter().chain(own).collect()
    }

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

/// Issues JWTs and publishes the keys that verify them. Clones share the cached signing keys.
#[derive(Clone)]
pub struct Jwt {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    verifier: Arc<dyn TokenVerifier>,
    keys: Arc<Keys>,
    options: JwtOptions,
}

impl Jwt {
    /// Creates the use cases with these options.
    #[must_use]
    pub fn new(ports: &Ports, options: JwtOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            verifier: Arc::clone(&ports.token_verifier),
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
        let key = self.keys.signing(KeyGroup::Default).await?;
        let claims = self.options.claims.of(user, view, self.clock.now());
        key.sign(&claims.to_string())
    }

    /// Returns a JWT for one of the [audiences](JwtOptions::audiences), for a user whose live session was read for this
    /// request. `view` is the user as clients see it. `None`: the audience is not allowed.
    ///
    /// # Errors
    ///
    /// As [`token`](Self::token).
    pub async fn token_for(
        &self,
        audience: &str,
        (user, session): (&User, &SessionId),
        view: Map<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let mut audiences = self.options.audiences.iter();
        let Some(audience) = audiences.find(|allowed| allowed.audience == audience) else {
            return Ok(None);
        };
        let key = self.keys.signing(audience.key_group()).await?;
        let mut claims = audience.claims(view, self.clock.now());
        claims.insert("iss".to_owned(), self.issuer().into());
        claims.insert("sub".to_owned(), user.id.as_str().into());
        claims.insert("sid".to_owned(), session.as_str().into());
        claims.insert("jti".to_owned(), self.random.token_id().into());
        key.sign(&Value::Object(claims).to_string()).map(Some)
    }

    /// Returns the published keys, each as a JWK (RFC 7517) in Better Auth's order. Creates the first key of each
    /// algorithm in use that has none: a verifier that reads the keys before the first token has them all.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn key_set(&self) -> Result<Vec<Value>, Failure> {
        let mut keys = self.store.autocommit().jwks().list().await?;
        let missing = self.keys.groups_without_keys(&keys);
        for group in &missing {
            self.keys.signing(*group).await?;
        }
        if !missing.is_empty() {
            keys = self.store.autocommit().jwks().list().await?;
        }
        Ok(self
            .published(&keys)
            .filter_map(|key| self.publish(key))
            .collect())
    }

    fn published<'a>(&self, keys: &'a [StoredKey]) -> impl Iterator<Item = &'a StoredKey> {
        let (now, rotation) = (self.clock.now(), self.options.rotation);
        keys.iter().filter(move |key| key.is_published(rotation, now))
    }

    /// Returns the algorithms that sign tokens, each once.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.keys.algorithms().all()
    }

    /// Returns the issuer of tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.options.claims.issuer
    }

    /// Reads which keys sign, and creates the next ones in time. Called periodically, it keeps requests from waiting for
    /// a key.
    ///
    /// # Errors
    ///
    /// If no key can be created, or if the store fails.
    pub async fn refresh(&self) -> Result<(), Failure> {
        self.keys.refresh().await
    }

    /// Creates another key for each algorithm in use, and returns their ids. Once they begin to sign, older keys no longer
    /// sign; they stay published for their grace period.
    ///
    /// # Errors
    ///
    /// If no key can be created, or if the store fails.
    pub async fn rotate(&self, rotation: Rotation) -> Result<Vec<(Algorithm, KeyId)>, Failure> {
        self.keys.rotate(rotation).await
    }

    /// Returns for each algorithm in use whether its newest key can be decrypted. `None`: it has no key that may sign.
    /// Changes nothing.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn opens_newest_keys(&self) -> Result<Vec<(Algorithm, Option<bool>)>, Failure> {
        self.keys.opens_newest().await
    }

    /// wire: the stored JWK, with the algorithm and the curve first and the id last.
    fn publish(&self, stored: &StoredKey) -> Option<Value> {
        let algorithm = self.keys.algorithm(stored)?;
        let Ok(Value::Object(members)) = serde_json::from_str(&stored.public) else {
            return None;
        };
        let mut key = Map::new();
        key.insert("alg".to_owned(), algorithm.name().into());
        if let Some(curve) = members.get("crv") {
            key.insert("crv".to_owned(), curve.clone());
        }
        key.extend(members);
        key.insert("kid".to_owned(), stored.id.as_str().into());
        Some(Value::Object(key))
    }
}

#[cfg(test)]
mod tests;

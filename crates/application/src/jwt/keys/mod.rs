//! The signing key: reading, caching and rotation.

mod making;
mod opening;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{id::KeyId, jwt::StoredKey};
use tokio::sync::Mutex;

use super::JwtOptions;
use crate::ports::{Cipher, Clock, Failure, Ports, Random, SigningKey, Store, TokenSigner};

/// How long a key is cached at most before the keys are read again: signing costs no statement.
const MAX_CACHE_AGE: TimeDelta = TimeDelta::minutes(1);
/// From this age on, one task reads the keys again while others use the cached key.
const REREAD_AGE: TimeDelta = TimeDelta::seconds(30);

/// A signing key with its id.
#[derive(Clone)]
pub(super) struct Signing {
    id: KeyId,
    key: Arc<dyn SigningKey>,
    ends: Option<DateTime<Utc>>,
    read_at: DateTime<Utc>,
}

impl Signing {
    fn new(stored: &StoredKey, key: Arc<dyn SigningKey>, now: DateTime<Utc>) -> Self {
        Self {
            id: stored.id.clone(),
            key,
            ends: stored.expires_at,
            read_at: now,
        }
    }

    pub(super) fn sign(&self, claims: &str) -> Result<String, Failure> {
        self.key.sign(self.id.as_str(), claims)
    }

    /// Whether it was read less than `than` ago; never if the clock was set back.
    fn is_younger(&self, than: TimeDelta, now: DateTime<Utc>) -> bool {
        let age = now - self.read_at;
        age < than && age >= TimeDelta::zero()
    }

    fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.is_younger(MAX_CACHE_AGE, now) && self.ends.is_none_or(|end| end > now)
    }
}

/// Reads and creates keys.
pub(super) struct Keys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    cipher: Arc<dyn Cipher>,
    signer: Arc<dyn TokenSigner>,
    options: JwtOptions,
    cached: RwLock<Option<Signing>>,
    /// If no key is cached, only one request reads the keys.
    reading: Mutex<()>,
    /// Requests wait for a key that another task is creating, and create none.
    creating: Mutex<()>,
}

impl Keys {
    pub(super) fn new(ports: &Ports, options: JwtOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            cipher: Arc::clone(&ports.cipher),
            signer: Arc::clone(&ports.token_signer),
            options,
            cached: RwLock::default(),
            reading: Mutex::default(),
            creating: Mutex::default(),
        }
    }

    /// Returns the key that signs now; creates one if there is none.
    pub(super) async fn signing(&self) -> Result<Signing, Failure> {
        if let Some(signing) = self.cached() {
            return Ok(self.renewed(signing).await);
        }
        if let Some(signing) = self.found().await? {
            return Ok(signing);
        }
        let _one_at_a_time = self.creating.lock().await;
        if let Some(signing) = self.found().await? {
            return Ok(signing);
        }
        self.make().await
    }

    /// Reads which key signs, and creates the next one early enough for verifiers to know it when it begins to sign.
    /// The very first key is left to the request that needs it, unless its creation takes long.
    pub(super) async fn refresh(&self) -> Result<(), Failure> {
        let (keys, signing) = self.read().await?;
        let is_left_to_requests = keys.is_empty() && !self.options.algorithm.takes_long();
        if is_left_to_requests || !self.needs_key(&keys, signing.is_some()) {
            return Ok(());
        }
        let _one_at_a_time = self.creating.lock().await;
        let (keys, signing) = self.read().await?;
        if self.needs_key(&keys, signing.is_some()) {
            self.make().await?;
        }
        Ok(())
    }

    /// Whether another key must be created, given these keys, the newest first.
    fn needs_key(&self, keys: &[StoredKey], one_signs: bool) -> bool {
        let is_due = |newest| self.options.rotation.is_next_due(newest, self.clock.now());
        !one_signs || keys.first().is_some_and(is_due)
    }

    fn cached(&self) -> Option<Signing> {
        let now = self.clock.now();
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.clone().filter(|signing| signing.is_usable(now))
    }

    /// Returns the cached key, or the current one if the cached key is old. One task reads the keys, and no other waits
    /// for it; if the read fails, the cached key is still used.
    async fn renewed(&self, signing: Signing) -> Signing {
        if signing.is_younger(REREAD_AGE, self.clock.now()) {
            return signing;
        }
        let Ok(_one_reads) = self.reading.try_lock() else {
            return signing;
        };
        let found = self.read().await.ok().and_then(|(_keys, signing)| signing);
        found.unwrap_or(signing)
    }

    /// Returns the cached key, or the one in the store.
    async fn found(&self) -> Result<Option<Signing>, Failure> {
        let _one_at_a_time = self.reading.lock().await;
        match self.cached() {
            Some(signing) => Ok(Some(signing)),
            None => Ok(self.read().await?.1),
        }
    }

    /// Reads the keys, the newest first, and caches the signing key.
    async fn read(&self) -> Result<(Vec<StoredKey>, Option<Signing>), Failure> {
        let keys = self.store.autocommit().jwks().list().await?;
        let signing = self.cache_signing(&keys).await?;
        Ok((keys, signing))
    }

    /// Caches the one of these keys that signs.
    async fn cache_signing(&self, keys: &[StoredKey]) -> Result<Option<Signing>, Failure> {
        let Some(opened) = self.choose(keys) else {
            return Ok(None);
        };
        if let (Some(text), true) = (&opened.stale, self.options.re_encrypts) {
            self.re_encrypt(opened.stored, text).await?;
        }
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(opened.signing.clone());
        Ok(Some(opened.signing))
    }
}

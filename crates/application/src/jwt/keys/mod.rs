//! The signing keys: reading, caching and rotation.

mod making;
mod opening;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    id::KeyId,
    jwt::{Algorithm, Algorithms, KeyGroup, StoredKey},
};
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
    algorithms: Algorithms,
    cached: RwLock<HashMap<KeyGroup, Signing>>,
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
            algorithms: options.algorithms(),
            options,
            cached: RwLock::default(),
            reading: Mutex::default(),
            creating: Mutex::default(),
        }
    }

    /// Returns the algorithms in use.
    pub(super) const fn algorithms(&self) -> &Algorithms {
        &self.algorithms
    }

    /// Returns the key of this group that signs now; creates one if there is none.
    pub(super) async fn signing(&self, group: KeyGroup) -> Result<Signing, Failure> {
        if let Some(signing) = self.cached(group) {
            return Ok(self.renewed(group, signing).await);
        }
        if let Some(signing) = self.found(group).await? {
            return Ok(signing);
        }
        let _one_at_a_time = self.creating.lock().await;
        if let Some(signing) = self.found(group).await? {
            return Ok(signing);
        }
        self.make(group).await
    }

    /// Reads which keys sign, and creates the next ones early enough for verifiers to know them when they begin to sign.
    /// The very first key of a group is left to the request that needs it, unless its creation takes long.
    pub(super) async fn refresh(&self) -> Result<(), Failure> {
        let (keys, signing) = self.read().await?;
        for group in self.algorithms.groups() {
            let is_first = self.of_group(group, &keys).is_empty();
            let is_left_to_requests = is_first && !self.algorithms.of(group).takes_long();
            if !is_left_to_requests && self.needs_key(group, &keys, signing.contains_key(&group)) {
                self.make_next(group).await?;
            }
        }
        Ok(())
    }

    /// Creates a key of the group, unless another task has created it.
    async fn make_next(&self, group: KeyGroup) -> Result<(), Failure> {
        let _one_at_a_time = self.creating.lock().await;
        let (keys, signing) = self.read().await?;
        if self.needs_key(group, &keys, signing.contains_key(&group)) {
            self.make(group).await?;
        }
        Ok(())
    }

    /// Returns the groups to which none of these keys belongs.
    pub(super) fn groups_without_keys(&self, keys: &[StoredKey]) -> Vec<KeyGroup> {
        let groups = self.algorithms.groups();
        groups
            .filter(|group| self.of_group(*group, keys).is_empty())
            .collect()
    }

    /// Returns those of these keys, the newest first, that belong to a group.
    fn of_group<'a>(&self, group: KeyGroup, keys: &'a [StoredKey]) -> Vec<&'a StoredKey> {
        let keys: Vec<_> = keys.iter().map(|key| (key, self.algorithm(key))).collect();
        self.algorithms.keys_of(group, &keys, self.clock.now())
    }

    /// Returns the algorithm of a key, or `None` if the key cannot be used.
    pub(super) fn algorithm(&self, key: &StoredKey) -> Option<Algorithm> {
        self.signer.algorithm(&key.public, self.options.algorithm)
    }

    /// Whether another key of the group must be created, given these keys, the newest first.
    fn needs_key(&self, group: KeyGroup, keys: &[StoredKey], one_signs: bool) -> bool {
        let keys = self.of_group(group, keys);
        let is_due = |newest: &&StoredKey| self.options.rotation.is_next_due(newest, self.clock.now());
        !one_signs || keys.first().is_some_and(is_due)
    }

    fn cached(&self, group: KeyGroup) -> Option<Signing> {
        let now = self.clock.now();
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached
            .get(&group)
            .cloned()
            .filter(|signing| signing.is_usable(now))
    }

    /// Returns the cached key, or the current one if the cached key is old. One task reads the keys, and no other waits
    /// for it; if the read fails, the cached key is still used.
    async fn renewed(&self, group: KeyGroup, signing: Signing) -> Signing {
        if signing.is_younger(REREAD_AGE, self.clock.now()) {
            return signing;
        }
        let Ok(_one_reads) = self.reading.try_lock() else {
            return signing;
        };
        let found = self.read().await.ok();
        let found = found.and_then(|(_keys, mut found)| found.remove(&group));
        found.unwrap_or(signing)
    }

    /// Returns the cached key, or the one in the store.
    async fn found(&self, group: KeyGroup) -> Result<Option<Signing>, Failure> {
        let _one_at_a_time = self.reading.lock().await;
        match self.cached(group) {
            Some(signing) => Ok(Some(signing)),
            None => Ok(self.read().await?.1.remove(&group)),
        }
    }

    /// Reads the keys, the newest first, and caches the key of each group that signs.
    async fn read(&self) -> Result<(Vec<StoredKey>, HashMap<KeyGroup, Signing>), Failure> {
        let keys = self.store.autocommit().jwks().list().await?;
        let mut found = HashMap::new();
        for group in self.algorithms.groups() {
            if let Some(signing) = self.cache_signing(group, &keys).await? {
                found.insert(group, signing);
            }
        }
        Ok((keys, found))
    }

    /// Chooses the key of the group that signs now, and caches it.
    async fn cache_signing(&self, group: KeyGroup, keys: &[StoredKey]) -> Result<Option<Signing>, Failure> {
        let Some(opened) = self.choose(&self.of_group(group, keys)) else {
            return Ok(None);
        };
        if let (Some(text), true) = (&opened.stale, self.options.re_encrypts) {
            self.re_encrypt(opened.stored, text).await?;
        }
        let signing = opened.signing;
        let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
        cached.insert(group, signing.clone());
        Ok(Some(signing))
    }
}

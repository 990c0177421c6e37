//! The key that signs: found, opened, kept at hand, and replaced in its time.

mod making;
mod opening;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{id::KeyId, jwt::StoredKey};
use tokio::sync::Mutex;

use super::JwtOptions;
use crate::ports::{Cipher, Clock, Failure, Ports, Random, SigningKey, Store, TokenSigner};

/// How long a key is kept at hand at the most before it is looked whether there is another: signing costs no
/// statement.
const AT_HAND: TimeDelta = TimeDelta::minutes(1);
/// From then on somebody looks, while others go on with the key at hand.
const FRESH: TimeDelta = TimeDelta::seconds(30);

/// A key that signs, with its name.
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

    /// Whether it was read no longer ago than this; never where the clock was set back.
    fn is_younger(&self, than: TimeDelta, now: DateTime<Utc>) -> bool {
        let age = now - self.read_at;
        age < than && age >= TimeDelta::zero()
    }

    fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.is_younger(AT_HAND, now) && self.ends.is_none_or(|end| end > now)
    }
}

/// Finds and makes keys.
pub(super) struct Keys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    cipher: Arc<dyn Cipher>,
    signer: Arc<dyn TokenSigner>,
    options: JwtOptions,
    at_hand: RwLock<Option<Signing>>,
    /// Of many requests that find nothing at hand, one looks.
    looking: Mutex<()>,
    /// Whoever needs the key that somebody makes waits for it, and makes no other.
    making: Mutex<()>,
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
            at_hand: RwLock::default(),
            looking: Mutex::default(),
            making: Mutex::default(),
        }
    }

    /// The key that signs now; where there is none that can, it is made.
    pub(super) async fn signing(&self) -> Result<Signing, Failure> {
        if let Some(signing) = self.at_hand() {
            return Ok(self.renewed(signing).await);
        }
        if let Some(signing) = self.found().await? {
            return Ok(signing);
        }
        let _one_at_a_time = self.making.lock().await;
        if let Some(signing) = self.found().await? {
            return Ok(signing);
        }
        self.make().await
    }

    /// Looks which key signs, and makes the next one in time for verifiers to know it when it begins to sign. The very
    /// first, unless that takes long, is left to whoever needs it.
    pub(super) async fn refresh(&self) -> Result<(), Failure> {
        let (keys, signing) = self.look().await?;
        let is_left = keys.is_empty() && !self.options.algorithm.takes_long();
        if is_left || !self.is_wanting(&keys, signing.is_some()) {
            return Ok(());
        }
        let _one_at_a_time = self.making.lock().await;
        let (keys, signing) = self.look().await?;
        if self.is_wanting(&keys, signing.is_some()) {
            self.make().await?;
        }
        Ok(())
    }

    /// Whether another key is to be made, beside these, the newest first.
    fn is_wanting(&self, keys: &[StoredKey], one_signs: bool) -> bool {
        let is_due = |newest| self.options.rotation.is_next_due(newest, self.clock.now());
        !one_signs || keys.first().is_some_and(is_due)
    }

    fn at_hand(&self) -> Option<Signing> {
        let now = self.clock.now();
        let at_hand = self.at_hand.read().unwrap_or_else(PoisonError::into_inner);
        at_hand.clone().filter(|signing| signing.is_good(now))
    }

    /// The key at hand, or after a while what has come in its place. One looks, and nobody waits for that one; where
    /// the look fails, the key at hand is good still.
    async fn renewed(&self, signing: Signing) -> Signing {
        if signing.is_younger(FRESH, self.clock.now()) {
            return signing;
        }
        let Ok(_one_looks) = self.looking.try_lock() else {
            return signing;
        };
        let found = self.look().await.ok().and_then(|(_keys, signing)| signing);
        found.unwrap_or(signing)
    }

    /// The key at hand, or the one in the store.
    async fn found(&self) -> Result<Option<Signing>, Failure> {
        let _one_at_a_time = self.looking.lock().await;
        match self.at_hand() {
            Some(signing) => Ok(Some(signing)),
            None => Ok(self.look().await?.1),
        }
    }

    /// Reads the keys, the newest first, and keeps the one at hand that signs.
    async fn look(&self) -> Result<(Vec<StoredKey>, Option<Signing>), Failure> {
        let keys = self.store.read().jwks().list().await?;
        let signing = self.take_up(&keys).await?;
        Ok((keys, signing))
    }

    /// Keeps the one of these keys at hand that signs.
    async fn take_up(&self, keys: &[StoredKey]) -> Result<Option<Signing>, Failure> {
        let Some(opened) = self.choose(keys) else {
            return Ok(None);
        };
        if let (Some(text), true) = (&opened.stale, self.options.re_encrypts) {
            self.re_encrypt(opened.stored, text).await?;
        }
        *self.at_hand.write().unwrap_or_else(PoisonError::into_inner) = Some(opened.signing.clone());
        Ok(Some(opened.signing))
    }
}

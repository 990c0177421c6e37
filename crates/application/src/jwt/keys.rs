//! The key that signs: found, opened, kept at hand, and replaced in its time.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{id::KeyId, jwt::StoredKey, secret::Secret};
use serde_json::Value;
use tokio::sync::Mutex;

use super::JwtOptions;
use crate::ports::{
    Cipher, Clock, Failure, Ports, Random, RandomExt, SealPurpose, Sealed, SigningKey, Store, TokenSigner,
};

/// How long a key is kept at hand before it is looked whether there is another: signing costs no statement.
const AT_HAND: TimeDelta = TimeDelta::minutes(1);

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

    fn is_good(&self, now: DateTime<Utc>) -> bool {
        let age = now - self.read_at;
        let is_new = age < AT_HAND && age >= TimeDelta::zero();
        is_new && self.ends.is_none_or(|end| end > now)
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
        }
    }

    /// The key that signs now; where there is none that can, it is made.
    pub(super) async fn signing(&self) -> Result<Signing, Failure> {
        if let Some(signing) = self.at_hand() {
            return Ok(signing);
        }
        let _one_at_a_time = self.looking.lock().await;
        if let Some(signing) = self.at_hand() {
            return Ok(signing);
        }
        let signing = match self.newest().await? {
            Some(signing) => signing,
            None => self.make().await?,
        };
        *self.at_hand.write().unwrap_or_else(PoisonError::into_inner) = Some(signing.clone());
        Ok(signing)
    }

    fn at_hand(&self) -> Option<Signing> {
        let now = self.clock.now();
        let at_hand = self.at_hand.read().unwrap_or_else(PoisonError::into_inner);
        at_hand.clone().filter(|signing| signing.is_good(now))
    }

    async fn newest(&self) -> Result<Option<Signing>, Failure> {
        let keys = self.store.read().jwks().list().await?;
        let Some((signing, private)) = keys.first().and_then(|key| self.open(key)) else {
            return Ok(None);
        };
        if let (Some(text), true) = (private, self.options.re_encrypts) {
            self.re_encrypt(keys.first(), &text).await?;
        }
        Ok(Some(signing))
    }

    /// A key that may sign and can be opened; with its private part where that should be encrypted anew. One that
    /// cannot be opened is left to be published: it was encrypted with a secret that we no longer have.
    fn open(&self, key: &StoredKey) -> Option<(Signing, Option<Secret<String>>)> {
        let now = self.clock.now();
        if !key.may_sign(now) {
            return None;
        }
        let algorithm = self.signer.algorithm(&key.public, self.options.algorithm)?;
        let opened = self.private(&key.private);
        let opened = opened.and_then(|(text, is_stale)| {
            let signing = self.signer.open(algorithm, &text)?;
            Ok((signing, is_stale.then_some(text)))
        });
        match opened {
            Ok((signing, stale)) => Some((Signing::new(key, signing, now), stale)),
            Err(_unusable) => {
                tracing::warn!(key = %key.id, "a signing key cannot be opened: another one takes its place");
                None
            }
        }
    }

    /// The private JWK, and whether it was encrypted with an old secret.
    fn private(&self, stored: &Secret<String>) -> Result<(Secret<String>, bool), Failure> {
        match serde_json::from_str(stored.expose()).map_err(Failure::new)? {
            Value::String(sealed) => {
                let opened = self.cipher.open(SealPurpose::SigningKey, &Sealed(sealed))?;
                Ok((opened.text, opened.is_stale))
            }
            _jwk => Ok((stored.clone(), false)),
        }
    }

    /// wire: the reference stores what it encrypts as the text of a JSON string.
    fn stored(&self, private: &Secret<String>) -> Secret<String> {
        if !self.options.encrypts_private_keys {
            return private.clone();
        }
        let sealed = self.cipher.seal(SealPurpose::SigningKey, private.expose());
        Secret::new(Value::String(sealed.0).to_string())
    }

    async fn re_encrypt(&self, key: Option<&StoredKey>, private: &Secret<String>) -> Result<(), Failure> {
        let Some(key) = key else { return Ok(()) };
        let sealed = self.cipher.seal(SealPurpose::SigningKey, private.expose());
        let to = Secret::new(Value::String(sealed.0).to_string());
        let mut db = self.store.read();
        db.jwks().replace_private(&key.id, &key.private, &to).await?;
        Ok(())
    }

    /// Makes a key, unless somebody else has made one meanwhile.
    async fn make(&self) -> Result<Signing, Failure> {
        let (mut key, signing) = self.generate().await?;
        let mut unit = self.store.begin();
        unit.jwks().lock().await?;
        let keys = unit.jwks().list().await?;
        if let Some((theirs, _)) = keys.first().and_then(|key| self.open(key)) {
            return Ok(theirs);
        }
        self.date(&mut key, keys.first());
        unit.jwks().insert(&key).await?;
        unit.commit().await?;
        Ok(Signing::new(&key, signing, self.clock.now()))
    }

    pub(super) async fn rotate(&self) -> Result<KeyId, Failure> {
        let (mut key, _signing) = self.generate().await?;
        let mut unit = self.store.begin();
        unit.jwks().lock().await?;
        let keys = unit.jwks().list().await?;
        self.date(&mut key, keys.first());
        unit.jwks().insert(&key).await?;
        unit.jwks().end_others(&key.id, key.created_at).await?;
        unit.commit().await?;
        Ok(key.id)
    }

    /// The newest key alone signs. So one that takes the place of another is dated after it, however long it took to
    /// make, and whatever the clocks of other replicas say.
    fn date(&self, key: &mut StoredKey, newest: Option<&StoredKey>) {
        let now = self.clock.now();
        let after = newest.map(|newest| newest.created_at + TimeDelta::milliseconds(1));
        key.created_at = after.map_or(now, |after| after.max(now));
        key.expires_at = self.options.rotation.end(key.created_at);
    }

    async fn generate(&self) -> Result<(StoredKey, Arc<dyn SigningKey>), Failure> {
        let (algorithm, length) = (self.options.algorithm, self.options.modulus_length);
        let pair = self.signer.generate(algorithm, length).await?;
        let signing = self.signer.open(algorithm, &pair.private)?;
        let now = self.clock.now();
        let key = StoredKey {
            id: self.random.id(),
            public: pair.public,
            private: self.stored(&pair.private),
            created_at: now,
            expires_at: self.options.rotation.end(now),
        };
        Ok((key, signing))
    }
}

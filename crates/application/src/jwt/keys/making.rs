//! Creation of keys.

use chrono::TimeDelta;
use portcullis_domain::{
    id::KeyId,
    jwt::{ANNOUNCEMENT, Algorithm, KeyGroup, StoredKey},
};

use super::{Keys, Signing};
use crate::{
    jwt::Rotation,
    ports::{Failure, RandomExt},
};

impl Keys {
    /// Creates a key of the group, unless another replica created one meanwhile. Returns the key that signs.
    pub(super) async fn make(&self, group: KeyGroup) -> Result<Signing, Failure> {
        let mut key = self.generate(self.algorithms.of(group)).await?;
        let mut unit = self.store.begin();
        unit.jwks().lock().await?;
        let mut keys = unit.jwks().list().await?;
        let of_group = self.of_group(group, &keys);
        if self.needs_key(group, &keys, self.choose(&of_group).is_some()) {
            let end = of_group.first().and_then(|newest| newest.expires_at);
            let begins_after = end.map_or(TimeDelta::zero(), |end| end - self.clock.now());
            self.date(&mut key, keys.first(), begins_after);
            unit.jwks().insert(&key).await?;
            unit.commit().await?;
            keys.insert(0, key);
        } else {
            drop(unit);
        }
        let signing = self.cache_signing(group, &keys).await?;
        signing.ok_or_else(|| Failure::new("the new key cannot sign"))
    }

    /// Creates a key for each algorithm in use. Every other key ends once the new ones sign.
    pub(in crate::jwt) async fn rotate(
        &self,
        rotation: Rotation,
    ) -> Result<Vec<(Algorithm, KeyId)>, Failure> {
        let mut made = Vec::new();
        for algorithm in self.algorithms.all() {
            made.push((algorithm, self.generate(algorithm).await?));
        }
        let lead = match rotation {
            Rotation::Announced => ANNOUNCEMENT,
            Rotation::AtOnce => TimeDelta::zero(),
        };
        let mut unit = self.store.begin();
        unit.jwks().lock().await?;
        let keys = unit.jwks().list().await?;
        for (_, key) in &mut made {
            self.date(key, keys.first(), lead);
            unit.jwks().insert(key).await?;
        }
        let ids: Vec<_> = made.iter().map(|(_, key)| key.id.clone()).collect();
        let end = made.iter().map(|(_, key)| key.created_at + lead).max();
        if let Some(end) = end {
            unit.jwks().end_others(&ids, end).await?;
        }
        unit.commit().await?;
        Ok(made
            .into_iter()
            .map(|(algorithm, key)| (algorithm, key.id))
            .collect())
    }

    /// Sets the key's dates. The newest key is the next to sign. So a key that replaces another is dated after it,
    /// however long its creation took and whatever the clocks of other replicas show. Its lifetime begins when it
    /// begins to sign.
    fn date(&self, key: &mut StoredKey, newest: Option<&StoredKey>, begins_after: TimeDelta) {
        let now = self.clock.now();
        let after = newest.map(|newest| newest.created_at + TimeDelta::milliseconds(1));
        key.created_at = after.map_or(now, |after| after.max(now));
        let lead = begins_after.clamp(TimeDelta::zero(), ANNOUNCEMENT);
        key.expires_at = self.options.rotation.end(key.created_at + lead);
    }

    async fn generate(&self, algorithm: Algorithm) -> Result<StoredKey, Failure> {
        let length = self.options.modulus_length;
        let pair = self.signer.generate(algorithm, length).await?;
        let now = self.clock.now();
        Ok(StoredKey {
            id: self.random.id(),
            public: pair.public,
            private: self.stored(&pair.private),
            created_at: now,
            expires_at: self.options.rotation.end(now),
        })
    }
}

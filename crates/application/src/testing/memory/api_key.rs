//! API keys in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId, KeyPatch, KeyUsage},
    id::UserId,
    secret::Secret,
    user::User,
};

use super::{MemoryUnitOfWork, Rows, remove};
use crate::ports::{ApiKeyRepository, Failure};

impl Rows {
    fn api_key(&self, id: &ApiKeyId) -> Option<ApiKey> {
        self.api_keys.iter().find(|key| key.id == *id).cloned()
    }

    fn keys_of(&self, user: &UserId) -> Vec<ApiKey> {
        let keys = self.api_keys.iter().filter(|key| key.user_id == *user);
        let mut keys: Vec<_> = keys.cloned().collect();
        keys.sort_by_key(|key| (key.created_at, key.id.as_str().to_owned()));
        keys
    }
}

fn apply(key: &mut ApiKey, patch: &KeyPatch) {
    let patch = patch.clone();
    key.name = patch.name.or_else(|| key.name.take());
    key.is_enabled = patch.is_enabled.or(key.is_enabled);
    key.expires_at = patch.expires_at.unwrap_or(key.expires_at);
    key.metadata = patch.metadata.unwrap_or_else(|| key.metadata.take());
    key.usage.remaining = patch.remaining.unwrap_or(key.usage.remaining);
    key.refill = patch.refill.unwrap_or(key.refill);
    key.rate_limit.is_enabled = patch.is_rate_limited.or(key.rate_limit.is_enabled);
    key.rate_limit.window = patch.rate_limit_window.or(key.rate_limit.window);
    key.rate_limit.max = patch.rate_limit_max.or(key.rate_limit.max);
    if let Some(permissions) = patch.permissions {
        key.permissions = permissions;
    }
}

#[async_trait]
impl ApiKeyRepository for MemoryUnitOfWork {
    async fn find_by_digest(&mut self, digest: &Secret<String>) -> Result<Option<(ApiKey, User)>, Failure> {
        Ok(self.read(|rows| {
            let key = rows
                .api_keys
                .iter()
                .find(|key| key.digest.matches(digest.expose()))?;
            let user = rows.users.iter().find(|user| user.id == key.user_id)?;
            Some((key.clone(), user.clone()))
        }))
    }

    async fn find(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure> {
        Ok(self.read(|rows| rows.api_key(id)))
    }

    async fn lock(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure> {
        Ok(self.read(|rows| rows.api_key(id)))
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<ApiKey>, Failure> {
        Ok(self.read(|rows| rows.keys_of(user)))
    }

    async fn count_by_user(&mut self, user: &UserId) -> Result<u64, Failure> {
        let count = self.read(|rows| rows.keys_of(user).len());
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    async fn insert(&mut self, key: &ApiKey) -> Result<ApiKey, Failure> {
        self.write(|rows| {
            if rows.api_key(&key.id).is_some() || rows.users.iter().all(|user| user.id != key.user_id) {
                return Err(Failure::new("the id is taken, or there is no such user"));
            }
            rows.api_keys.push(key.clone());
            Ok(key.clone())
        })
    }

    async fn update(
        &mut self,
        id: &ApiKeyId,
        owner: &UserId,
        patch: &KeyPatch,
    ) -> Result<Option<ApiKey>, Failure> {
        Ok(self.write(|rows| {
            let is_wanted = |key: &&mut ApiKey| key.id == *id && key.user_id == *owner;
            let key = rows.api_keys.iter_mut().find(is_wanted)?;
            apply(key, patch);
            Some(key.clone())
        }))
    }

    async fn spend(&mut self, key: &ApiKey, usage: KeyUsage, now: DateTime<Utc>) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_unchanged = |stored: &&mut ApiKey| {
                stored.id == key.id && stored.usage == key.usage && stored.is_enabled != Some(false)
            };
            let Some(stored) = rows.api_keys.iter_mut().find(is_unchanged) else {
                return false;
            };
            stored.usage = usage;
            stored.updated_at = now;
            true
        }))
    }

    async fn delete(&mut self, id: &ApiKeyId, owner: &UserId) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            remove(&mut rows.api_keys, 1, |key| {
                key.id == *id && key.user_id == *owner
            }) > 0
        }))
    }

    async fn delete_by_user(&mut self, owner: &UserId) -> Result<(), Failure> {
        self.write(|rows| rows.api_keys.retain(|key| key.user_id != *owner));
        Ok(())
    }

    async fn retire(&mut self, key: &ApiKey) -> Result<(), Failure> {
        self.write(|rows| {
            let is_unchanged = |stored: &ApiKey| {
                stored.id == key.id && stored.usage == key.usage && stored.expires_at == key.expires_at
            };
            remove(&mut rows.api_keys, 1, is_unchanged)
        });
        Ok(())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        Ok(self.write(|rows| {
            remove(&mut rows.api_keys, limit, |key| {
                key.expires_at.is_some_and(|end| end < before)
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemoryStore;

    crate::api_key_contract!(store in MemoryStore::default() => &store);
}

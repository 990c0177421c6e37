//! Storage of JWT signing keys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::KeyId, jwt::StoredKey, secret::Secret};

use crate::ports::Failure;

/// JWT signing keys: previous, current and next.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait JwkRepository: Send {
    /// Returns every key, the newest first.
    async fn list(&mut self) -> Result<Vec<StoredKey>, Failure>;

    /// Takes a lock until the unit of work ends: other replicas that want to create a key wait.
    async fn lock(&mut self) -> Result<(), Failure>;

    /// Stores a new key.
    async fn insert(&mut self, key: &StoredKey) -> Result<(), Failure>;

    /// Sets the expiry of every key that is not in `keep` to `end`, unless a key expires before that.
    async fn end_others(&mut self, keep: &[KeyId], end: DateTime<Utc>) -> Result<(), Failure>;

    /// Replaces the stored form of a private key. Returns whether the key still had the form `from`.
    async fn replace_private(
        &mut self,
        id: &KeyId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure>;

    /// Deletes at most `limit` keys that expired before `before`, and returns their number.
    async fn delete_ended(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

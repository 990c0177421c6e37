//! Storage of keys that sign JWTs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::KeyId, jwt::StoredKey, secret::Secret};

use crate::ports::Failure;

/// The keys that have signed and will sign.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait JwkRepository: Send {
    /// Every key, the newest first.
    async fn list(&mut self) -> Result<Vec<StoredKey>, Failure>;

    /// Keeps every other server that would make a key waiting until the unit of work ends.
    async fn lock(&mut self) -> Result<(), Failure>;

    /// Stores a new key.
    async fn insert(&mut self, key: &StoredKey) -> Result<(), Failure>;

    /// Lets every key but this one end then, unless it ends before.
    async fn end_others(&mut self, keep: &KeyId, end: DateTime<Utc>) -> Result<(), Failure>;

    /// Replaces the stored form of a private key; says whether it was still there in the form `from`.
    async fn replace_private(
        &mut self,
        id: &KeyId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure>;

    /// Deletes at most `limit` keys that had ended before this time; says how many.
    async fn delete_ended(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

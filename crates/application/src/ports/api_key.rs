//! Storage of API keys, and the form in which they are stored.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId, KeyPatch, KeyUsage, PlainKey},
    id::UserId,
    secret::Secret,
    user::User,
};

use super::Failure;

/// API keys of users.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait ApiKeyRepository: Send {
    /// Returns the key that is stored in this form and its owner, in one statement, whether it may be used or not.
    async fn find_by_digest(&mut self, digest: &Secret<String>) -> Result<Option<(ApiKey, User)>, Failure>;

    /// Returns the key with this id, of any owner.
    async fn find(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure>;

    /// Locks the key until the unit of work ends, and returns it.
    async fn lock(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure>;

    /// Returns all keys of the user, the oldest first; by their ids if they are equally old.
    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<ApiKey>, Failure>;

    /// Returns the number of the user's keys.
    async fn count_by_user(&mut self, user: &UserId) -> Result<u64, Failure>;

    /// Stores a new key, and returns it as it is stored.
    async fn insert(&mut self, key: &ApiKey) -> Result<ApiKey, Failure>;

    /// Changes the key with this id if the user owns it, and returns it. The patch must not be empty.
    async fn update(
        &mut self,
        id: &ApiKeyId,
        owner: &UserId,
        patch: &KeyPatch,
    ) -> Result<Option<ApiKey>, Failure>;

    /// Records a use of the key: replaces its usage by `usage`. Returns `false`, and records nothing, if the
    /// key was used, disabled or deleted since it was read: of many parallel calls with one key, one returns `true`.
    async fn spend(&mut self, key: &ApiKey, usage: KeyUsage, now: DateTime<Utc>) -> Result<bool, Failure>;

    /// Deletes the key with this id if the user owns it. Returns whether there was one.
    async fn delete(&mut self, id: &ApiKeyId, owner: &UserId) -> Result<bool, Failure>;

    /// Deletes all keys of the user.
    async fn delete_by_user(&mut self, owner: &UserId) -> Result<(), Failure>;

    /// Deletes a key that can never be used again, unless its expiry or its usage was changed since it was read.
    async fn retire(&mut self, key: &ApiKey) -> Result<(), Failure>;

    /// Deletes at most `limit` keys that expired before `before`, and returns their number.
    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

/// Makes the form in which keys are stored and found.
pub trait ApiKeyDigests: Send + Sync {
    /// Returns the digest of a key, in Better Auth's form. A key has enough random letters for a digest without salt.
    fn digest(&self, key: &PlainKey) -> Secret<String>;
}

//! Storage of accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{account::Account, id::AccountId, id::UserId, password::PasswordHash};

use super::Failure;

/// The accounts by which users authenticate.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// Returns the user's credential account, or the oldest if there are several.
    async fn find_credential(&mut self, user: &UserId) -> Result<Option<Account>, Failure>;

    /// Returns all of the user's accounts, the oldest first.
    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Account>, Failure>;

    /// Sets the hash of every credential account of the user. Returns whether there was one.
    async fn set_hash(
        &mut self,
        user: &UserId,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Deletes an account if it exists.
    async fn delete(&mut self, account: &AccountId) -> Result<(), Failure>;

    /// Stores a new account.
    async fn insert(&mut self, account: &Account) -> Result<(), Failure>;

    /// Returns whether the account still has this hash. If so, the row is locked until the unit of work ends: a
    /// concurrent change waits, and then sees what this unit did.
    async fn lock_if_unchanged(&mut self, account: &AccountId, hash: &PasswordHash) -> Result<bool, Failure>;

    /// Replaces the hash `from` by `to`. Returns whether the account still had `from`.
    async fn replace_hash(
        &mut self,
        account: &AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;
}

//! Storage of accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::{Account, TokenChange},
    id::AccountId,
    id::UserId,
    password::PasswordHash,
    secret::Secret,
};

use super::Failure;

/// The accounts by which users authenticate.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// Returns the user's credential account, or the oldest if there are several.
    async fn find_credential(&mut self, user: &UserId) -> Result<Option<Account>, Failure>;

    /// Returns the account with this id at this provider, or the oldest if there are several.
    async fn find(&mut self, provider_id: &str, account_id: &str) -> Result<Option<Account>, Failure>;

    /// Takes a lock on an id at a provider until the unit of work ends: another unit that locks the same id waits,
    /// whether an account with the id exists or not. To be called before the user is locked.
    async fn lock_identity(&mut self, provider_id: &str, account_id: &str) -> Result<(), Failure>;

    /// Returns all of the user's accounts, the oldest first.
    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Account>, Failure>;

    /// Sets the hash of every credential account of the user. Returns whether there was one.
    async fn set_hash(
        &mut self,
        user: &UserId,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Changes the tokens of an account, and sets the time of its last change to `updated_at`. Returns whether the account
    /// exists.
    async fn set_tokens(
        &mut self,
        account: &AccountId,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// As [`Self::set_tokens`], if the account still has the refresh token `from`, as it is stored. Returns whether it
    /// had.
    async fn replace_tokens(
        &mut self,
        account: &AccountId,
        from: &Secret<String>,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Deletes the user's accounts except `keep`, also those with a password.
    async fn delete_others(&mut self, user: &UserId, keep: &AccountId) -> Result<(), Failure>;

    /// Deletes the user's accounts at providers. Accounts with a password stay.
    async fn delete_provider_accounts(&mut self, user: &UserId) -> Result<(), Failure>;

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

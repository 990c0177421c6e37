//! Storage of accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{account::Account, id::AccountId, id::UserId, password::PasswordHash};

use super::Failure;

/// The ways in which users prove who they are.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// The user's account with a password; the oldest, should there be several.
    async fn find_credential(&mut self, user: &UserId) -> Result<Option<Account>, Failure>;

    /// The user's accounts, the oldest first; all of them, however many there are.
    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Account>, Failure>;

    /// Gives each account of the user's that has a password this hash; says whether there was one.
    async fn set_password(
        &mut self,
        user: &UserId,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Deletes an account, if it is still there.
    async fn delete(&mut self, account: &AccountId) -> Result<(), Failure>;

    /// Stores a new account.
    async fn insert(&mut self, account: &Account) -> Result<(), Failure>;

    /// Whether the account still has this hash. If so, nobody changes it before the unit of work ends: whoever
    /// tries waits, and then sees what this unit has done.
    async fn hold_password(&mut self, account: &AccountId, hash: &PasswordHash) -> Result<bool, Failure>;

    /// Replaces the hash `from` by `to`; says whether it was still there to be replaced.
    async fn replace_password(
        &mut self,
        account: &AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;
}

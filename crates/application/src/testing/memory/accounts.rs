//! Accounts in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::{Account, CREDENTIAL},
    id::{AccountId, UserId},
    password::PasswordHash,
};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{AccountRepository, Failure};

impl Rows {
    /// Returns the user's accounts, the oldest first.
    fn accounts_of(&self, user: &UserId) -> Vec<Account> {
        let own = self.accounts.iter().filter(|account| account.user_id == *user);
        let mut own: Vec<_> = own.cloned().collect();
        own.sort_by(|one, other| {
            let key = |account: &Account| (account.created_at, account.id.as_str().to_owned());
            key(one).cmp(&key(other))
        });
        own
    }
}

/// Returns whether this is the account with this id, and it has this hash.
fn is_unchanged(account: &Account, id: &AccountId, hash: &PasswordHash) -> bool {
    let stored = account.password.as_ref();
    account.id == *id && stored.is_some_and(|stored| stored.expose() == hash.expose())
}

#[async_trait]
impl AccountRepository for MemoryUnitOfWork {
    async fn find_credential(&mut self, user: &UserId) -> Result<Option<Account>, Failure> {
        let accounts = self.read(|rows| rows.accounts_of(user));
        let mut credentials = accounts.into_iter();
        Ok(credentials.find(|account| account.provider_id == CREDENTIAL))
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Account>, Failure> {
        Ok(self.read(|rows| rows.accounts_of(user)))
    }

    async fn set_hash(
        &mut self,
        user: &UserId,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let is_credential =
                |account: &&mut Account| account.user_id == *user && account.provider_id == CREDENTIAL;
            let credentials = rows.accounts.iter_mut().filter(is_credential);
            let changed = credentials.map(|account| {
                account.password = Some(hash.clone());
                account.updated_at = now;
            });
            changed.count() > 0
        }))
    }

    async fn delete(&mut self, account: &AccountId) -> Result<(), Failure> {
        self.write(|rows| rows.accounts.retain(|stored| stored.id != *account));
        Ok(())
    }

    async fn insert(&mut self, account: &Account) -> Result<(), Failure> {
        self.write(|rows| rows.accounts.push(account.clone()));
        Ok(())
    }

    async fn lock_if_unchanged(&mut self, account: &AccountId, hash: &PasswordHash) -> Result<bool, Failure> {
        let is_found = |rows: &Rows| rows.accounts.iter().any(|row| is_unchanged(row, account, hash));
        Ok(self.read(is_found))
    }

    async fn replace_hash(
        &mut self,
        account: &AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let mut accounts = rows.accounts.iter_mut();
            let Some(account) = accounts.find(|row| is_unchanged(row, account, from)) else {
                return false;
            };
            account.password = Some(to.clone());
            account.updated_at = now;
            true
        }))
    }
}

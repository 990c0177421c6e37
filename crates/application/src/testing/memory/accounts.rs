//! Accounts in memory.

use std::mem;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::{Account, CREDENTIAL, TokenChange},
    id::{AccountId, UserId},
    password::PasswordHash,
    secret::Secret,
};

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{AccountRepository, Failure};

impl Rows {
    /// Returns the user's accounts, the oldest first.
    fn accounts_of(&self, user: &UserId) -> Vec<Account> {
        self.sorted_accounts(|account| account.user_id == *user)
    }

    /// Returns the accounts that are selected, the oldest first.
    fn sorted_accounts(&self, is_selected: impl Fn(&Account) -> bool) -> Vec<Account> {
        let selected = self.accounts.iter().filter(|account| is_selected(account));
        let mut selected: Vec<_> = selected.cloned().collect();
        selected.sort_by(|one, other| {
            let key = |account: &Account| (account.created_at, account.id.as_str().to_owned());
            key(one).cmp(&key(other))
        });
        selected
    }

    /// Changes the tokens of the first account that is selected. Returns whether there was one.
    fn change_tokens(
        &mut self,
        is_selected: impl Fn(&Account) -> bool,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> bool {
        let mut accounts = self.accounts.iter_mut();
        let Some(account) = accounts.find(|account| is_selected(account)) else {
            return false;
        };
        account.tokens = mem::take(&mut account.tokens).changed_by(&change.tokens);
        account.scope = change.scope.clone().or_else(|| account.scope.take());
        account.updated_at = updated_at;
        true
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

    async fn find(&mut self, provider_id: &str, account_id: &str) -> Result<Option<Account>, Failure> {
        let is_the =
            |account: &Account| account.provider_id == provider_id && account.account_id == account_id;
        let accounts = self.read(|rows| rows.sorted_accounts(is_the));
        Ok(accounts.into_iter().next())
    }

    /// There are no locks: a unit of work whose rows have changed fails at its commit.
    async fn lock_identity(&mut self, _provider_id: &str, _account_id: &str) -> Result<(), Failure> {
        Ok(())
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

    async fn set_tokens(
        &mut self,
        account: &AccountId,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let is_the = |row: &Account| row.id == *account;
        Ok(self.write(|rows| rows.change_tokens(is_the, change, updated_at)))
    }

    async fn replace_tokens(
        &mut self,
        account: &AccountId,
        from: &Secret<String>,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let is_unchanged = |row: &Account| {
            let stored = row.tokens.refresh_token.as_ref();
            row.id == *account && stored.is_some_and(|stored| stored.matches(from.expose()))
        };
        Ok(self.write(|rows| rows.change_tokens(is_unchanged, change, updated_at)))
    }

    async fn delete_others(&mut self, user: &UserId, keep: &AccountId) -> Result<(), Failure> {
        let is_deleted = |row: &Account| row.user_id == *user && row.id != *keep;
        self.write(|rows| rows.accounts.retain(|row| !is_deleted(row)));
        Ok(())
    }

    async fn delete_provider_accounts(&mut self, user: &UserId) -> Result<(), Failure> {
        let is_deleted = |row: &Account| row.user_id == *user && row.provider_id != CREDENTIAL;
        self.write(|rows| rows.accounts.retain(|row| !is_deleted(row)));
        Ok(())
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

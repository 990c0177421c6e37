//! The account repository.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{AccountRepository, Failure, WriteError};
use portcullis_domain::{
    account::{Account, CREDENTIAL, TokenChange},
    id::{AccountId, UserId},
    password::PasswordHash,
    secret::Secret,
};

use self::{row::Row, tokens::TokenColumns};
use crate::{
    error::require_row, schema::accounts, stored_id::StoredId, text::contains_nul, unit_of_work::PgUnitOfWork,
};

mod identity;
mod row;
mod tokens;

#[async_trait]
impl AccountRepository for PgUnitOfWork {
    async fn find_credential(&mut self, user: &UserId) -> Result<Option<Account>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let user = user.clone();
        self.run("accounts.find_credential", move |connection| {
            accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .filter(accounts::provider_id.eq(CREDENTIAL))
                .order((accounts::created_at, accounts::id))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(Account::from))
    }

    async fn find(&mut self, provider_id: &str, account_id: &str) -> Result<Option<Account>, Failure> {
        if contains_nul(provider_id) || contains_nul(account_id) {
            return Ok(None);
        }
        let (provider_id, account_id) = (provider_id.to_owned(), account_id.to_owned());
        self.run("accounts.find", move |connection| {
            accounts::table
                .filter(accounts::account_id.eq(&account_id))
                .filter(accounts::provider_id.eq(&provider_id))
                .order((accounts::created_at, accounts::id))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(Account::from))
    }

    async fn lock_identity(&mut self, provider_id: &str, account_id: &str) -> Result<(), Failure> {
        let key = identity::key(provider_id, account_id);
        self.run("accounts.lock_identity", move |connection| {
            identity::lock(connection, key)
        })
        .await
        .map(|_locked| ())
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Account>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(Vec::new());
        }
        let user = user.clone();
        self.run("accounts.list_by_user", move |connection| {
            accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .order((accounts::created_at, accounts::id))
                .select(Row::as_select())
                .load(connection)
        })
        .await
        .map(|rows| rows.into_iter().map(Account::from).collect())
    }

    async fn set_hash(
        &mut self,
        user: &UserId,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(false);
        }
        let (user, hash) = (user.clone(), hash.clone());
        self.run_write("accounts.set_hash", move |connection| {
            let credentials = accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .filter(accounts::provider_id.eq(CREDENTIAL));
            diesel::update(credentials)
                .set((accounts::password.eq(hash.expose()), accounts::updated_at.eq(now)))
                .execute(connection)
        })
        .await
        .map(|changed| changed > 0)
        .map_err(WriteError::into_failure)
    }

    async fn set_tokens(
        &mut self,
        account: &AccountId,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if contains_nul(account.as_str()) {
            return Ok(false);
        }
        tokens::check(change)?;
        let (account, change) = (account.clone(), change.clone());
        self.run_write("accounts.set_tokens", move |connection| {
            diesel::update(accounts::table.filter(accounts::id.eq(account.as_str())))
                .set(TokenColumns::new(&change, updated_at))
                .execute(connection)
        })
        .await
        .map(|changed| changed > 0)
        .map_err(WriteError::into_failure)
    }

    async fn replace_tokens(
        &mut self,
        account: &AccountId,
        from: &Secret<String>,
        change: &TokenChange,
        updated_at: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if contains_nul(account.as_str()) || contains_nul(from.expose()) {
            return Ok(false);
        }
        tokens::check(change)?;
        let (account, from, change) = (account.clone(), from.clone(), change.clone());
        self.run_write_once("accounts.replace_tokens", move |connection| {
            let expected = accounts::table
                .filter(accounts::id.eq(account.as_str()))
                .filter(accounts::refresh_token.eq(from.expose()));
            diesel::update(expected)
                .set(TokenColumns::new(&change, updated_at))
                .execute(connection)
        })
        .await
        .map(|replaced| replaced > 0)
        .map_err(WriteError::into_failure)
    }

    async fn delete_others(&mut self, user: &UserId, keep: &AccountId) -> Result<(), Failure> {
        if contains_nul(user.as_str()) || contains_nul(keep.as_str()) {
            return Ok(());
        }
        let (user, keep) = (user.clone(), keep.clone());
        self.run_deletion("accounts.delete_others", move |connection| {
            let others = accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .filter(accounts::id.ne(keep.as_str()));
            diesel::delete(others).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_provider_accounts(&mut self, user: &UserId) -> Result<(), Failure> {
        if contains_nul(user.as_str()) {
            return Ok(());
        }
        let user = user.clone();
        self.run_deletion("accounts.delete_provider_accounts", move |connection| {
            let at_providers = accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .filter(accounts::provider_id.ne(CREDENTIAL));
            diesel::delete(at_providers).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete(&mut self, account: &AccountId) -> Result<(), Failure> {
        if contains_nul(account.as_str()) {
            return Ok(());
        }
        let account = account.clone();
        self.run_deletion("accounts.delete", move |connection| {
            diesel::delete(accounts::table.filter(accounts::id.eq(account.as_str()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn insert(&mut self, account: &Account) -> Result<(), Failure> {
        let insertion = row::insertion(account)?;
        self.run_write_once("accounts.insert", move |connection| insertion.execute(connection))
            .await
            .and_then(require_row)
            .map_err(WriteError::into_failure)
    }

    async fn lock_if_unchanged(&mut self, account: &AccountId, hash: &PasswordHash) -> Result<bool, Failure> {
        if contains_nul(account.as_str()) || contains_nul(hash.expose()) {
            return Ok(false);
        }
        let (account, hash) = (account.clone(), hash.clone());
        self.run("accounts.lock_if_unchanged", move |connection| {
            accounts::table
                .filter(accounts::id.eq(account.as_str()))
                .filter(accounts::password.eq(hash.expose()))
                .select(accounts::id)
                .for_share()
                .first::<StoredId>(connection)
                .optional()
        })
        .await
        .map(|found| found.is_some())
    }

    async fn replace_hash(
        &mut self,
        account: &AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if contains_nul(account.as_str()) || contains_nul(from.expose()) {
            return Ok(false);
        }
        let (account, from, to) = (account.clone(), from.clone(), to.clone());
        self.run_write_once("accounts.replace_hash", move |connection| {
            let expected = accounts::table
                .filter(accounts::id.eq(account.as_str()))
                .filter(accounts::password.eq(from.expose()));
            diesel::update(expected)
                .set((accounts::password.eq(to.expose()), accounts::updated_at.eq(now)))
                .execute(connection)
        })
        .await
        .map(|replaced| replaced > 0)
        .map_err(WriteError::into_failure)
    }
}

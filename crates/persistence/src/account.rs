//! The account repository.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{AccountRepository, Failure, WriteError};
use portcullis_domain::{
    account::{Account, CREDENTIAL},
    id::{AccountId, UserId},
    password::PasswordHash,
};
use serde_json::json;

use crate::{
    additional::{Insert, time},
    error::require_row,
    schema::accounts,
    stored_id::StoredId,
    text::contains_nul,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct Row {
    id: StoredId,
    account_id: String,
    provider_id: String,
    user_id: StoredId,
    scope: Option<String>,
    password: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: AccountId::new(row.id.0),
            account_id: row.account_id,
            provider_id: row.provider_id,
            user_id: UserId::new(row.user_id.0),
            password: row.password.map(PasswordHash::new),
            scope: row.scope,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// Returns the insertion of an account.
fn insertion(account: &Account) -> Result<Insert, Failure> {
    let password = account.password.as_ref().map(PasswordHash::expose);
    Insert::into(
        "account",
        [
            ("id", json!(account.id.as_str())),
            ("accountId", json!(account.account_id)),
            ("providerId", json!(account.provider_id)),
            ("userId", json!(account.user_id.as_str())),
            ("scope", json!(account.scope)),
            ("password", json!(password)),
            ("createdAt", time(account.created_at)),
            ("updatedAt", time(account.updated_at)),
        ],
    )
}

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
        let insertion = insertion(account)?;
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

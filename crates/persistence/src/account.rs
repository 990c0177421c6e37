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

use crate::{
    schema::accounts,
    text::{contains_nul, reject_nul},
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// A row to read or to write.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct Row {
    id: String,
    account_id: String,
    provider_id: String,
    user_id: String,
    scope: Option<String>,
    password: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: AccountId::new(row.id),
            account_id: row.account_id,
            provider_id: row.provider_id,
            user_id: UserId::new(row.user_id),
            password: row.password.map(PasswordHash::new),
            scope: row.scope,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl From<&Account> for Row {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.as_str().to_owned(),
            account_id: account.account_id.clone(),
            provider_id: account.provider_id.clone(),
            user_id: account.user_id.as_str().to_owned(),
            scope: account.scope.clone(),
            password: account.password.as_ref().map(|hash| hash.expose().to_owned()),
            created_at: account.created_at.into(),
            updated_at: account.updated_at.into(),
        }
    }
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
        self.run("accounts.set_hash", move |connection| {
            let credentials = accounts::table
                .filter(accounts::user_id.eq(user.as_str()))
                .filter(accounts::provider_id.eq(CREDENTIAL));
            diesel::update(credentials)
                .set((accounts::password.eq(hash.expose()), accounts::updated_at.eq(now)))
                .execute(connection)
        })
        .await
        .map(|changed| changed > 0)
    }

    async fn delete(&mut self, account: &AccountId) -> Result<(), Failure> {
        if contains_nul(account.as_str()) {
            return Ok(());
        }
        let account = account.clone();
        self.run("accounts.delete", move |connection| {
            diesel::delete(accounts::table.filter(accounts::id.eq(account.as_str()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn insert(&mut self, account: &Account) -> Result<(), Failure> {
        let row = Row::from(account);
        reject_nul([
            Some(&row.id),
            Some(&row.account_id),
            Some(&row.provider_id),
            Some(&row.user_id),
            row.scope.as_ref(),
            row.password.as_ref(),
        ])?;
        self.run_once("accounts.insert", move |connection| {
            diesel::insert_into(accounts::table)
                .values(&row)
                .execute(connection)
        })
        .await
        .map(|_one| ())
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
                .first::<String>(connection)
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
        self.run_once("accounts.replace_hash", move |connection| {
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

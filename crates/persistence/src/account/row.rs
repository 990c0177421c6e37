//! Rows of accounts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    account::{Account, AccountTokens, TokenChange},
    id::{AccountId, UserId},
    password::PasswordHash,
    secret::Secret,
};
use serde_json::json;

use crate::{
    additional::{Insert, time},
    schema::accounts,
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
};

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct Row {
    id: StoredId,
    account_id: String,
    provider_id: String,
    user_id: StoredId,
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    access_token_expires_at: Option<Timestamp>,
    refresh_token_expires_at: Option<Timestamp>,
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
            tokens: AccountTokens {
                access_token: row.access_token.map(Secret::new),
                refresh_token: row.refresh_token.map(Secret::new),
                id_token: row.id_token.map(Secret::new),
                access_token_expires_at: row.access_token_expires_at.map(Into::into),
                refresh_token_expires_at: row.refresh_token_expires_at.map(Into::into),
            },
            scope: row.scope,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// Returns the insertion of an account.
pub(super) fn insertion(account: &Account) -> Result<Insert, Failure> {
    let password = account.password.as_ref().map(PasswordHash::expose);
    let tokens = &account.tokens;
    let [access_token, refresh_token, id_token] = texts(tokens).map(|text| json!(text));
    Insert::into(
        "account",
        [
            ("id", json!(account.id.as_str())),
            ("accountId", json!(account.account_id)),
            ("providerId", json!(account.provider_id)),
            ("userId", json!(account.user_id.as_str())),
            ("accessToken", access_token),
            ("refreshToken", refresh_token),
            ("idToken", id_token),
            (
                "accessTokenExpiresAt",
                json!(tokens.access_token_expires_at.map(time)),
            ),
            (
                "refreshTokenExpiresAt",
                json!(tokens.refresh_token_expires_at.map(time)),
            ),
            ("scope", json!(account.scope)),
            ("password", json!(password)),
            ("createdAt", time(account.created_at)),
            ("updatedAt", time(account.updated_at)),
        ],
    )
}

/// A change of tokens. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = accounts)]
pub(super) struct TokenColumns<'a> {
    access_token: Option<&'a String>,
    refresh_token: Option<&'a String>,
    id_token: Option<&'a String>,
    access_token_expires_at: Option<DateTime<Utc>>,
    refresh_token_expires_at: Option<DateTime<Utc>>,
    scope: Option<&'a String>,
    updated_at: DateTime<Utc>,
}

impl<'a> TokenColumns<'a> {
    pub(super) fn new(change: &'a TokenChange, updated_at: DateTime<Utc>) -> Self {
        let [access_token, refresh_token, id_token] = texts(&change.tokens);
        Self {
            access_token,
            refresh_token,
            id_token,
            access_token_expires_at: change.tokens.access_token_expires_at,
            refresh_token_expires_at: change.tokens.refresh_token_expires_at,
            scope: change.scope.as_ref(),
            updated_at,
        }
    }
}

/// Rejects tokens and scopes with NUL.
pub(super) fn check(change: &TokenChange) -> Result<(), Failure> {
    reject_nul(texts(&change.tokens))?;
    reject_nul([change.scope.as_ref()])
}

/// Returns the access token, the refresh token and the id token.
fn texts(tokens: &AccountTokens) -> [Option<&String>; 3] {
    [&tokens.access_token, &tokens.refresh_token, &tokens.id_token]
        .map(|token| token.as_ref().map(Secret::expose))
}

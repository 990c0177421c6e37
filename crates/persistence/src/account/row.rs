//! Rows of accounts.

use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    account::{Account, AccountTokens},
    id::{AccountId, UserId},
    password::PasswordHash,
    secret::Secret,
};
use serde_json::json;

use super::tokens;
use crate::{
    additional::{Insert, time},
    schema::accounts,
    stored_id::StoredId,
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
    let [access_token, refresh_token, id_token] = tokens::texts(tokens).map(|text| json!(text));
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

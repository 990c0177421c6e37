//! The columns of an account's tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    account::{AccountTokens, TokenChange},
    secret::Secret,
};

use crate::{schema::accounts, text::reject_nul};

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
pub(super) fn texts(tokens: &AccountTokens) -> [Option<&String>; 3] {
    [&tokens.access_token, &tokens.refresh_token, &tokens.id_token]
        .map(|token| token.as_ref().map(Secret::expose))
}

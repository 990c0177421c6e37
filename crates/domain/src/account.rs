//! Accounts: the ways in which a user can prove who they are.

use chrono::{DateTime, Utc};

use crate::{
    id::{AccountId, UserId},
    password::PasswordHash,
};

/// The provider of accounts that have a password.
pub const CREDENTIAL: &str = "credential";

/// One way in which a user can prove who they are: here, by a password.
#[derive(Clone, Debug)]
pub struct Account {
    /// Never changes.
    pub id: AccountId,
    /// What the provider calls the user; for a password, the user's id.
    pub account_id: String,
    /// Who vouches for the user: [`CREDENTIAL`] for a password.
    pub provider_id: String,
    /// Whose account this is.
    pub user_id: UserId,
    /// The hash, where the account has a password.
    pub password: Option<PasswordHash>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When the account was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Account {
    /// A user's account with a password.
    #[must_use]
    pub fn credential(id: AccountId, user_id: UserId, password: PasswordHash, now: DateTime<Utc>) -> Self {
        Self {
            id,
            account_id: user_id.as_str().to_owned(),
            provider_id: CREDENTIAL.to_owned(),
            user_id,
            password: Some(password),
            created_at: now,
            updated_at: now,
        }
    }
}

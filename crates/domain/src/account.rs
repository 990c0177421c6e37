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
    /// What the provider lets us do for the user, separated by commas.
    pub scope: Option<String>,
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
            scope: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The account with its hash, where it has one.
    #[must_use]
    pub fn with_hash(self) -> Option<(Self, PasswordHash)> {
        let hash = self.password.clone()?;
        Some((self, hash))
    }

    /// What the provider lets us do for the user; an empty text is one empty name, as in the reference.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.iter().flat_map(|scope| scope.split(','))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_what_stands_between_commas() {
        let mut account = Account::credential(
            AccountId::new("A"),
            UserId::new("U"),
            PasswordHash::new("H"),
            DateTime::UNIX_EPOCH,
        );
        let scopes = |account: &Account| account.scopes().map(str::to_owned).collect::<Vec<_>>();
        assert!(scopes(&account).is_empty());
        account.scope = Some("read,write".to_owned());
        assert_eq!(scopes(&account), ["read", "write"]);
        account.scope = Some(String::new());
        assert_eq!(scopes(&account), [""]);
    }
}

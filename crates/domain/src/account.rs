//! Accounts: the ways in which a user can authenticate.

use chrono::{DateTime, Utc};

use crate::{
    id::{AccountId, UserId},
    password::PasswordHash,
};

/// Provider id of credential accounts, which have a password.
pub const CREDENTIAL: &str = "credential";

/// One way in which a user can authenticate, for example a password.
#[derive(Clone, Debug)]
pub struct Account {
    /// Never changes.
    pub id: AccountId,
    /// The user's id at the provider; for a credential account, the user's own id.
    pub account_id: String,
    /// The provider that authenticates the user: [`CREDENTIAL`] for a password.
    pub provider_id: String,
    /// The user that the account belongs to.
    pub user_id: UserId,
    /// The password hash; `None` if the account has no password.
    pub password: Option<PasswordHash>,
    /// The scopes that the provider granted, separated by commas.
    pub scope: Option<String>,
    /// When the account was created.
    pub created_at: DateTime<Utc>,
    /// When the account was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Account {
    /// Returns a credential account for a user.
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

    /// Returns the account and its password hash, or `None` if it has no password.
    #[must_use]
    pub fn with_hash(self) -> Option<(Self, PasswordHash)> {
        let hash = self.password.clone()?;
        Some((self, hash))
    }

    /// Returns the scopes that the provider granted. An empty text is one empty scope, as in Better Auth.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.iter().flat_map(|scope| scope.split(','))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_separated_by_commas() {
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

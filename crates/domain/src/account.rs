//! Accounts: the ways in which a user can authenticate.

use chrono::{DateTime, Utc};

use crate::{
    id::{AccountId, UserId},
    password::PasswordHash,
    secret::Secret,
};

/// Provider id of credential accounts, which have a password.
pub const CREDENTIAL: &str = "credential";

/// One way in which a user can authenticate, for example a password.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account's id, which never changes.
    pub id: AccountId,
    /// The user's id at the provider; for a credential account, the user's own id.
    pub account_id: String,
    /// The provider that authenticates the user: [`CREDENTIAL`] for a password.
    pub provider_id: String,
    /// The user that the account belongs to.
    pub user_id: UserId,
    /// The password hash; `None` if the account has no password.
    pub password: Option<PasswordHash>,
    /// The tokens that the provider issued. A credential account has none.
    pub tokens: AccountTokens,
    /// The scopes that the provider granted, separated by commas.
    pub scope: Option<String>,
    /// When the account was created.
    pub created_at: DateTime<Utc>,
    /// When the account was last changed.
    pub updated_at: DateTime<Utc>,
}

/// The tokens that a provider issued for an account, as they are stored: access and refresh tokens may be encrypted.
#[derive(Clone, Debug, Default)]
pub struct AccountTokens {
    /// Grants access to the provider's API.
    pub access_token: Option<Secret<String>>,
    /// Gets new access tokens.
    pub refresh_token: Option<Secret<String>>,
    /// The provider's statement about the user (OpenID Connect Core 1.0). Never encrypted, as in Better Auth.
    pub id_token: Option<Secret<String>>,
    /// When the access token expires; `None` if the provider did not report it.
    pub access_token_expires_at: Option<DateTime<Utc>>,
    /// When the refresh token expires; `None` if the provider did not report it.
    pub refresh_token_expires_at: Option<DateTime<Utc>>,
}

/// Changes of an account's tokens; `None` leaves a member unchanged.
#[derive(Clone, Debug, Default)]
pub struct TokenChange {
    /// The new tokens and their expiry.
    pub tokens: AccountTokens,
    /// The scopes that the provider granted, separated by commas.
    pub scope: Option<String>,
}

impl AccountTokens {
    /// Returns these tokens with the changes.
    #[must_use]
    pub fn changed_by(self, change: &Self) -> Self {
        Self {
            access_token: change.access_token.clone().or(self.access_token),
            refresh_token: change.refresh_token.clone().or(self.refresh_token),
            id_token: change.id_token.clone().or(self.id_token),
            access_token_expires_at: change.access_token_expires_at.or(self.access_token_expires_at),
            refresh_token_expires_at: change.refresh_token_expires_at.or(self.refresh_token_expires_at),
        }
    }
}

impl TokenChange {
    /// Whether nothing is changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        let Self { tokens, scope } = self;
        tokens.access_token.is_none()
            && tokens.refresh_token.is_none()
            && tokens.id_token.is_none()
            && tokens.access_token_expires_at.is_none()
            && tokens.refresh_token_expires_at.is_none()
            && scope.is_none()
    }
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
            tokens: AccountTokens::default(),
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

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn a_change_of_tokens_leaves_what_it_does_not_name() {
        let (before, after) = (DateTime::UNIX_EPOCH, DateTime::from_timestamp_millis(1));
        let tokens = AccountTokens {
            access_token: Some(secret("old access")),
            refresh_token: Some(secret("old refresh")),
            id_token: None,
            access_token_expires_at: Some(before),
            refresh_token_expires_at: Some(before),
        };
        let change = AccountTokens {
            access_token: Some(secret("new access")),
            id_token: Some(secret("new id")),
            access_token_expires_at: after,
            ..AccountTokens::default()
        };
        let changed = tokens.changed_by(&change);
        let [access, refresh, id] = [changed.access_token, changed.refresh_token, changed.id_token]
            .map(|token| token.unwrap().expose().clone());
        assert_eq!([access, refresh, id], ["new access", "old refresh", "new id"]);
        assert_eq!(changed.access_token_expires_at, after);
        assert_eq!(changed.refresh_token_expires_at, Some(before));
    }

    #[test]
    fn a_change_is_empty_only_if_it_names_nothing() {
        assert!(TokenChange::default().is_empty());
        let of = |tokens| TokenChange { tokens, scope: None };
        let (none, now) = (AccountTokens::default, Some(DateTime::UNIX_EPOCH));
        let scope = TokenChange {
            scope: Some(String::new()),
            ..TokenChange::default()
        };
        for change in [
            scope,
            of(AccountTokens {
                access_token: Some(secret("a")),
                ..none()
            }),
            of(AccountTokens {
                refresh_token: Some(secret("r")),
                ..none()
            }),
            of(AccountTokens {
                id_token: Some(secret("i")),
                ..none()
            }),
            of(AccountTokens {
                access_token_expires_at: now,
                ..none()
            }),
            of(AccountTokens {
                refresh_token_expires_at: now,
                ..none()
            }),
        ] {
            assert!(!change.is_empty(), "{change:?}");
        }
    }
}

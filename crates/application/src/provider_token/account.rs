//! Accounts whose tokens are wanted, and their tokens.

use chrono::{DateTime, Utc};
use portcullis_domain::{account::Account, secret::Secret};

use crate::client_token::TokenEffect;

/// The account whose tokens are wanted.
#[derive(Clone, Debug)]
pub struct WantedAccount {
    /// The provider's id.
    pub provider_id: String,
    /// The account's own id. `None`: the oldest account at the provider.
    pub account: Option<String>,
}

/// The tokens of an account, as the provider issued them.
#[derive(Debug)]
pub struct IssuedTokens {
    /// The account, as it is stored now.
    pub account: Account,
    /// The access token.
    pub access_token: Option<Secret<String>>,
    /// The refresh token.
    pub refresh_token: Option<Secret<String>>,
    /// When the access token expires.
    pub access_token_expires_at: Option<DateTime<Utc>>,
    /// When the refresh token expires.
    pub refresh_token_expires_at: Option<DateTime<Utc>>,
    /// Makes the client store the account, if it stores accounts and the tokens have changed.
    pub effect: Option<TokenEffect>,
}

impl WantedAccount {
    /// Returns whether this account is wanted.
    pub(super) fn matches(&self, account: &Account) -> bool {
        let id = self.account.as_deref();
        account.provider_id == self.provider_id && id.is_none_or(|id| id == account.id.as_str())
    }
}

/// Returns the stored refresh token. An empty one counts as missing.
pub(super) fn refresh_token(account: &Account) -> Option<&Secret<String>> {
    let stored = account.tokens.refresh_token.as_ref();
    stored.filter(|token| !token.expose().is_empty())
}

/// Whether the tokens of an account were replaced.
pub(super) fn has_other_tokens(current: &Account, earlier: &Account) -> bool {
    let [current, earlier] = [&current.tokens, &earlier.tokens];
    !is_same(current.refresh_token.as_ref(), earlier.refresh_token.as_ref())
        || !is_same(current.access_token.as_ref(), earlier.access_token.as_ref())
}

/// Whether two stored tokens are the same.
fn is_same(one: Option<&Secret<String>>, other: Option<&Secret<String>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.matches(other.expose()),
        (None, None) => true,
        _ => false,
    }
}

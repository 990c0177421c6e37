//! The tokens that providers issued for the caller's accounts: reading them, refreshing them, and using them to read
//! the user's data at the provider.

mod account;
mod error;
mod info;
mod refreshing;
mod renewal;

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{account::Account, secret::Secret};

pub use self::{
    account::{IssuedTokens, WantedAccount},
    error::TokenError,
    info::AccountInfo,
};
use self::{
    account::{has_other_tokens, refresh_token},
    refreshing::Refreshing,
    renewal::Renewal,
};
use crate::{
    client_token::TokenEffect,
    context::RequestContext,
    ports::{Clock, Failure, IdentityProvider, IdentityProviders, Ports, Store},
    session::StrictCaller,
    social::{AccountCookie, TokenOptions, stored_tokens::StoredTokens},
};

/// An access token that is valid for less than this is refreshed, as in Better Auth.
const MARGIN: TimeDelta = TimeDelta::seconds(5);

/// Reads and refreshes the tokens of the caller's accounts.
pub struct AccountTokenService {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    providers: IdentityProviders,
    tokens: StoredTokens,
    cookie: Option<AccountCookie>,
    refreshing: Refreshing,
}

impl AccountTokenService {
    /// Creates the service for tokens of these providers.
    #[must_use]
    pub fn new(ports: &Ports, providers: IdentityProviders, options: TokenOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            providers,
            tokens: StoredTokens::new(ports, options),
            cookie: options.account_cookie(ports),
            refreshing: Refreshing::new(ports),
        }
    }

    /// Returns the tokens of one of the caller's accounts: of the one that the client presents, if it is wanted. If the
    /// access token is about to expire, it is refreshed first; of several concurrent calls only one does so.
    ///
    /// # Errors
    ///
    /// [`TokenError`] with the reason.
    pub async fn access(
        &self,
        by: &StrictCaller,
        wanted: &WantedAccount,
        context: &RequestContext,
    ) -> Result<IssuedTokens, TokenError> {
        let id = &wanted.provider_id;
        let provider = self
            .providers
            .find(id)
            .ok_or_else(|| TokenError::Unsupported(id.clone()))?;
        let presented = self.presented(by, context).await?;
        let presented = presented.filter(|account| wanted.matches(account));
        let account = match presented {
            Some(account) => account,
            None => self.find(by, wanted).await?,
        };
        self.current(by, provider.as_ref(), account).await
    }

    /// Refreshes the tokens of one of the caller's accounts. A call that waited while another one refreshed them returns
    /// what that one received. The account that the client presents is preferred, but its tokens are read from the store:
    /// the client's copy may be older, and a provider may reject an older refresh token.
    ///
    /// # Errors
    ///
    /// [`TokenError`] with the reason.
    pub async fn refresh(
        &self,
        by: &StrictCaller,
        wanted: &WantedAccount,
        context: &RequestContext,
    ) -> Result<IssuedTokens, TokenError> {
        let presented = self.presented(by, context).await?;
        let presented = presented.filter(|account| wanted.matches(account));
        let Some(presented) = presented else {
            let issued = self.refreshed(by, wanted).await?;
            return Ok(IssuedTokens {
                effect: None,
                ..issued
            });
        };
        let wanted = WantedAccount {
            account: Some(presented.id.as_str().to_owned()),
            ..wanted.clone()
        };
        self.refreshed(by, &wanted).await
    }

    async fn refreshed(&self, by: &StrictCaller, wanted: &WantedAccount) -> Result<IssuedTokens, TokenError> {
        let id = &wanted.provider_id;
        let provider = self
            .providers
            .find(id)
            .ok_or_else(|| TokenError::Unknown(id.clone()))?;
        if !provider.policy().can_refresh {
            return Err(TokenError::NotRefreshable(id.clone()));
        }
        let account = self.find(by, wanted).await?;
        let before = account;
        let _lock = self.refreshing.lock(before.id.as_str()).await;
        let account = self.reread(by, &before).await?;
        if has_other_tokens(&account, &before) {
            return Ok(self.reissued(account)?);
        }
        let stored = refresh_token(&account)
            .cloned()
            .ok_or(TokenError::NoRefreshToken)?;
        let renewal = Renewal {
            stored,
            updated_at: account.updated_at,
            replaces_all: true,
            account,
        };
        self.renew(by, provider.as_ref(), renewal)
            .await
            .map_err(TokenError::while_refreshing)
    }

    /// Returns the tokens of an account, after a refresh if the access token is about to expire.
    async fn current(
        &self,
        by: &StrictCaller,
        provider: &dyn IdentityProvider,
        account: Account,
    ) -> Result<IssuedTokens, TokenError> {
        let is_due = |account: &Account| {
            let expires_at = account.tokens.access_token_expires_at;
            let is_ending = expires_at.is_some_and(|end| end - self.clock.now() < MARGIN);
            provider.policy().can_refresh && is_ending && refresh_token(account).is_some()
        };
        if !is_due(&account) {
            return self
                .issued(account)
                .map_err(|failure| TokenError::unreadable(&failure));
        }
        let _lock = self.refreshing.lock(account.id.as_str()).await;
        let account = self.reread(by, &account).await?;
        match refresh_token(&account).cloned().filter(|_| is_due(&account)) {
            Some(stored) => {
                let renewal = Renewal {
                    stored,
                    updated_at: self.clock.now(),
                    replaces_all: false,
                    account,
                };
                self.renew(by, provider, renewal).await
            }
            None => self
                .reissued(account)
                .map_err(|failure| TokenError::unreadable(&failure)),
        }
    }

    /// Returns the tokens of an account that another request has refreshed.
    fn reissued(&self, account: Account) -> Result<IssuedTokens, Failure> {
        let effect = self.stored(&account);
        let issued = self.issued(account)?;
        Ok(IssuedTokens { effect, ..issued })
    }

    fn issued(&self, account: Account) -> Result<IssuedTokens, Failure> {
        let read = |stored: &Option<Secret<String>>| {
            stored.as_ref().map(|token| self.tokens.read(token)).transpose()
        };
        Ok(IssuedTokens {
            access_token: read(&account.tokens.access_token)?,
            refresh_token: read(&account.tokens.refresh_token)?,
            access_token_expires_at: account.tokens.access_token_expires_at,
            refresh_token_expires_at: account.tokens.refresh_token_expires_at,
            account,
            effect: None,
        })
    }

    /// Makes the client store the account, if it stores accounts.
    fn stored(&self, account: &Account) -> Option<TokenEffect> {
        let cookie = self.cookie.as_ref()?;
        Some(cookie.stored(account))
    }

    /// Returns the caller's account that the client presents, unless it was unlinked.
    async fn presented(
        &self,
        by: &StrictCaller,
        context: &RequestContext,
    ) -> Result<Option<Account>, Failure> {
        let cookie = self.cookie.as_ref();
        let Some(account) = cookie.and_then(|cookie| cookie.read(&by.user().id, context)) else {
            return Ok(None);
        };
        let accounts = self.list(by).await?;
        let is_linked = accounts.iter().any(|linked| linked.id == account.id);
        Ok(is_linked.then_some(account))
    }

    async fn list(&self, by: &StrictCaller) -> Result<Vec<Account>, Failure> {
        self.store
            .autocommit()
            .accounts()
            .list_by_user(&by.user().id)
            .await
    }

    async fn find(&self, by: &StrictCaller, wanted: &WantedAccount) -> Result<Account, TokenError> {
        let accounts = self.list(by).await?;
        let found = accounts.into_iter().find(|account| wanted.matches(account));
        found.ok_or(TokenError::AccountNotFound)
    }

    async fn reread(&self, by: &StrictCaller, account: &Account) -> Result<Account, TokenError> {
        let accounts = self.list(by).await?;
        let found = accounts.into_iter().find(|found| found.id == account.id);
        found.ok_or(TokenError::AccountNotFound)
    }
}

#[cfg(test)]
mod tests;

//! The refresh of the tokens of an account.

use chrono::{DateTime, Utc};
use portcullis_domain::{account::Account, secret::Secret};

use super::{AccountTokenService, IssuedTokens, TokenError, refreshing::Claim};
use crate::{
    ports::{IdentityProvider, ProviderTokens},
    session::StrictCaller,
    social::profile::report,
};

/// Tokens to refresh.
pub(super) struct Renewal {
    /// The account.
    pub(super) account: Account,
    /// Its refresh token, as it is stored.
    pub(super) stored: Secret<String>,
    /// When the account is changed.
    pub(super) updated_at: DateTime<Utc>,
    /// Whether the id token and the scopes are replaced too.
    pub(super) replaces_all: bool,
}

impl AccountTokenService {
    /// Refreshes tokens and stores them. If another replica does so or has stored newer ones meanwhile, returns those.
    pub(super) async fn renew(
        &self,
        by: &StrictCaller,
        provider: &dyn IdentityProvider,
        renewal: Renewal,
    ) -> Result<IssuedTokens, TokenError> {
        let refresh_token = self
            .tokens
            .read(&renewal.stored)
            .map_err(|failure| TokenError::unreadable(&failure))?;
        let lease = match self.refreshing.claim(&renewal.account).await? {
            Claim::Mine(lease) => lease,
            Claim::Done(account) => return Ok(self.reissued(*account)?),
        };
        let issued = match provider.refresh(&refresh_token).await {
            Ok(tokens) => self.store_renewed(by, renewal, tokens).await,
            Err(error) => {
                report(provider, &error, "could not refresh the tokens of an account");
                Err(TokenError::Provider(error))
            }
        };
        self.refreshing.release(&lease).await;
        issued
    }

    async fn store_renewed(
        &self,
        by: &StrictCaller,
        renewal: Renewal,
        tokens: ProviderTokens,
    ) -> Result<IssuedTokens, TokenError> {
        let Renewal {
            account,
            replaces_all,
            ..
        } = renewal;
        let mut change = self.tokens.write(&tokens);
        change.scope = change.scope.filter(|scope| replaces_all && !scope.is_empty());
        if !replaces_all {
            change.tokens.id_token = None;
        }
        let mut db = self.store.autocommit();
        let is_stored = db
            .accounts()
            .replace_tokens(&account.id, &renewal.stored, &change, renewal.updated_at)
            .await?;
        if !is_stored {
            let account = self.reread(by, &account).await?;
            return Ok(self.reissued(account)?);
        }
        let account = Account {
            tokens: account.tokens.changed_by(&change.tokens),
            scope: change.scope.or(account.scope),
            ..account
        };
        self.renewed(account, tokens, replaces_all)
    }

    /// Returns what the caller receives after new tokens were stored.
    fn renewed(
        &self,
        mut account: Account,
        tokens: ProviderTokens,
        replaces_all: bool,
    ) -> Result<IssuedTokens, TokenError> {
        let effect = self.stored(&account);
        // The caller receives a new id token even if it is not stored.
        account.tokens.id_token = tokens.id_token.or(account.tokens.id_token);
        // wire: a caller who wants the access token receives the old one if the provider has issued none.
        let access_token = match tokens.access_token {
            None if !replaces_all => {
                self.issued(account.clone())
                    .map_err(|failure| TokenError::unreadable(&failure))?
                    .access_token
            }
            issued => issued,
        };
        // wire: an explicit refresh returns only what the provider has just returned.
        let stored_expiry = account.tokens.access_token_expires_at.filter(|_| !replaces_all);
        Ok(IssuedTokens {
            account,
            access_token,
            refresh_token: tokens.refresh_token,
            access_token_expires_at: tokens.access_token_expires_at.or(stored_expiry),
            refresh_token_expires_at: tokens.refresh_token_expires_at,
            effect,
        })
    }
}

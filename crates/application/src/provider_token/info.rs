//! What providers report about the users of accounts.

use portcullis_domain::{account::CREDENTIAL, social::UserInfo};

use super::{AccountTokenService, TokenError};
use crate::{
    client_token::TokenEffect,
    context::RequestContext,
    ports::{ProviderError, ProviderTokens},
    session::StrictCaller,
    social::profile::report,
};

/// What a provider reports about the user of an account.
#[derive(Debug)]
pub struct AccountInfo {
    /// The provider's answer. `None`: it contains nothing that can be used.
    pub info: Option<UserInfo>,
    /// As [`IssuedTokens::effect`](super::IssuedTokens::effect).
    pub effect: Option<TokenEffect>,
}

impl AccountTokenService {
    /// Returns what the provider reports about the user of one of the caller's accounts, which is found by the user's
    /// id at the provider. Without an id, it is the account that the client presents.
    ///
    /// # Errors
    ///
    /// [`TokenError`] with the reason.
    pub async fn info(
        &self,
        by: &StrictCaller,
        account_id: Option<&str>,
        context: &RequestContext,
    ) -> Result<AccountInfo, TokenError> {
        let account = match account_id {
            Some(id) => self
                .list(by)
                .await?
                .into_iter()
                .find(|account| account.account_id == id && account.provider_id != CREDENTIAL),
            None => self.presented(by, context).await?,
        };
        let account = account.ok_or(TokenError::AccountNotFound)?;
        let id = &account.provider_id;
        let provider = self.providers.find(id);
        let provider = provider.ok_or_else(|| TokenError::NotConfigured(id.clone()))?;
        let issued = self.current(by, provider.as_ref(), account).await?;
        let access_token = issued.access_token.ok_or(TokenError::NoAccessToken)?;
        let tokens = ProviderTokens {
            access_token: Some(access_token),
            id_token: issued.account.tokens.id_token.clone(),
            access_token_expires_at: issued.account.tokens.access_token_expires_at,
            scopes: Some(issued.account.scopes().map(str::to_owned).collect()),
            ..ProviderTokens::default()
        };
        let info = match provider.user_info(&tokens).await {
            Ok(info) => info,
            Err(error) => {
                report(
                    provider.as_ref(),
                    &error,
                    "could not read the data of a user from a provider",
                );
                match error {
                    ProviderError::Rejected(_) | ProviderError::Unusable(_) => None,
                    ProviderError::Unreachable(failure) => return Err(TokenError::Failure(failure)),
                }
            }
        };
        Ok(AccountInfo {
            info,
            effect: issued.effect,
        })
    }
}

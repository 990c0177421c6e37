//! Sign-in and linking with id tokens that clients got themselves.

use std::sync::Arc;

use portcullis_domain::{
    account::{AccountTokens, TokenChange},
    secret::Secret,
    social::{LinkTarget, Profile},
};

use super::{
    IdTokenError, Social,
    identity::Identified,
    link::Linking,
    profile::{profile, report},
};
use crate::{
    context::RequestContext,
    ports::{IdTokens, IdentityProvider, ProviderTokens},
    session::StrictCaller,
    sign_in::completion::Outcome,
};

/// An id token that a client got itself.
#[derive(Clone, Debug)]
pub struct ClientIdToken {
    /// The provider's id.
    pub provider: String,
    /// The id token.
    pub token: Secret<String>,
    /// The nonce that the client sent to the provider.
    pub nonce: Option<String>,
    /// An access token that came with it.
    pub access_token: Option<Secret<String>>,
    /// A refresh token that came with it.
    pub refresh_token: Option<Secret<String>>,
    /// The granted scopes.
    pub scopes: Option<Vec<String>>,
}

/// A sign-in with an id token.
#[derive(Clone, Debug)]
pub struct IdTokenSignIn {
    /// The id token.
    pub id_token: ClientIdToken,
    /// The URL to which the link of a verification mail redirects.
    pub callback_url: Option<String>,
    /// Whether the client explicitly requests sign-up.
    pub request_sign_up: Option<bool>,
}

impl Social {
    /// Signs a user in with an id token.
    ///
    /// # Errors
    ///
    /// [`IdTokenError`] with the reason.
    pub async fn sign_in_with_id_token(
        &self,
        command: &IdTokenSignIn,
        context: &RequestContext,
    ) -> Result<Outcome, IdTokenError> {
        let (provider, profile) = self.identify(&command.id_token).await?;
        let email = profile.email.as_ref().ok_or(IdTokenError::NoEmail)?;
        let policy = provider.policy();
        let is_requested = command.request_sign_up.unwrap_or(false);
        let tokens = ProviderTokens {
            access_token: command.id_token.access_token.clone(),
            ..ProviderTokens::default()
        };
        let who = Identified {
            provider: provider.id(),
            is_redirect: false,
            profile: &profile,
            email,
            tokens: self.tokens.write(&tokens),
            link_tokens: None,
            may_sign_up: !policy.disable_sign_up && (!policy.disable_implicit_sign_up || is_requested),
            overrides_user: false,
            callback: command.callback_url.as_deref(),
        };
        let mut signed_in = self.sign_in(&who, context).await?;
        self.store_account(&mut signed_in);
        Ok(signed_in.outcome)
    }

    /// Signs a user in with an id token of a provider that is not one of the deployment's, but is configured for one way of
    /// signing in. Implicit sign-up cannot be disabled. The id token and its scopes are stored only if the account is linked
    /// to a user with its address. The client does not store the account.
    ///
    /// # Errors
    ///
    /// [`IdTokenError`] with the reason.
    pub async fn sign_in_at(
        &self,
        provider: &Arc<dyn IdentityProvider>,
        id_token: &ClientIdToken,
        context: &RequestContext,
    ) -> Result<Outcome, IdTokenError> {
        let profile = verified(provider, id_token).await?;
        let email = profile.email.as_ref().ok_or(IdTokenError::NoEmail)?;
        let who = Identified {
            provider: provider.id(),
            is_redirect: false,
            profile: &profile,
            email,
            tokens: TokenChange::default(),
            link_tokens: Some(self.tokens.write(&id_token.tokens())),
            may_sign_up: !provider.policy().disable_sign_up,
            overrides_user: false,
            callback: None,
        };
        Ok(self.sign_in(&who, context).await?.outcome)
    }

    /// Links the account of an id token to the caller.
    ///
    /// # Errors
    ///
    /// [`IdTokenError`] with the reason.
    pub async fn link_id_token(
        &self,
        by: &StrictCaller,
        id_token: &ClientIdToken,
    ) -> Result<(), IdTokenError> {
        let (provider, profile) = self.identify(id_token).await?;
        if profile.email.is_none() {
            return Err(IdTokenError::NoEmail);
        }
        if self.is_linked(by, provider.id(), &profile).await? {
            return Ok(());
        }
        let stored = self.tokens.write(&id_token.tokens());
        let target = LinkTarget {
            user_id: by.user().id.clone(),
            email: by.user().email.clone(),
            session: Some(by.session().id.clone()),
        };
        let linking = Linking {
            provider: provider.id(),
            profile: &profile,
            tokens: TokenChange {
                tokens: AccountTokens {
                    id_token: Some(id_token.token.clone()),
                    ..stored.tokens
                },
                scope: stored.scope,
            },
            target: &target,
            needs_proof: true,
        };
        Ok(self.link(&linking).await?)
    }

    /// Verifies an id token of one of the deployment's providers, and returns its provider and its profile.
    async fn identify(
        &self,
        id_token: &ClientIdToken,
    ) -> Result<(&Arc<dyn IdentityProvider>, Profile), IdTokenError> {
        let provider = self
            .provider(&id_token.provider)
            .ok_or(IdTokenError::UnknownProvider)?;
        Ok((provider, verified(provider, id_token).await?))
    }

    async fn is_linked(
        &self,
        by: &StrictCaller,
        provider: &str,
        profile: &Profile,
    ) -> Result<bool, IdTokenError> {
        let mut db = self.store.autocommit();
        let account = db.accounts().find(provider, &profile.id).await?;
        Ok(account.is_some_and(|account| account.user_id == by.user().id))
    }
}

/// Verifies an id token of a provider and returns its profile.
async fn verified(
    provider: &Arc<dyn IdentityProvider>,
    id_token: &ClientIdToken,
) -> Result<Profile, IdTokenError> {
    match provider.policy().id_tokens {
        IdTokens::Unsupported => return Err(IdTokenError::Unsupported),
        IdTokens::Disabled => return Err(IdTokenError::Invalid),
        IdTokens::Verified => {}
    }
    // wire: an empty nonce counts as missing.
    let nonce = id_token.nonce.as_deref().filter(|nonce| !nonce.is_empty());
    let verified = provider.verify_id_token(&id_token.token, nonce).await;
    let is_valid = verified.unwrap_or_else(|error| {
        report(
            provider.as_ref(),
            &error,
            "could not verify an id token; the sign-in is rejected",
        );
        false
    });
    if !is_valid {
        return Err(IdTokenError::Invalid);
    }
    let profile = profile(provider, &id_token.tokens()).await;
    profile.ok_or(IdTokenError::NoUserInfo)
}

impl ClientIdToken {
    fn tokens(&self) -> ProviderTokens {
        ProviderTokens {
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            id_token: Some(self.token.clone()),
            scopes: self.scopes.clone(),
            ..ProviderTokens::default()
        }
    }
}

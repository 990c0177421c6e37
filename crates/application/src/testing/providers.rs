//! A fake provider that authenticates users.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_domain::{secret::Secret, social::UserInfo};
use serde_json::{Map, Value, json};

use super::fixtures::start;
use crate::ports::{
    AuthorizationRequest, CodeExchange, Failure, IdTokens, IdentityProvider, IssuerCheck, ProviderError,
    ProviderPolicy, ProviderTokens, Rejection,
};

/// The code that a [`FakeProvider`] accepts.
pub const CODE: &str = "code";
/// The id token that a [`FakeProvider`] accepts.
pub const ID_TOKEN: &str = "id-token";
/// The refresh token that a [`FakeProvider`] rejects.
pub const REVOKED: &str = "revoked";

/// A provider with one user.
pub struct FakeProvider {
    id: &'static str,
    /// The policy. By default all sign-ins may create users, tokens are refreshed, and id tokens are verified.
    pub policy: ProviderPolicy,
    /// The user's members. By default Ada, whose address is verified. `Null`: the provider reports no user.
    pub user: Value,
    /// The tokens that are issued for [`CODE`].
    pub tokens: ProviderTokens,
    /// Whether the provider can be reached.
    pub is_reachable: bool,
    /// Called by the first refresh, before it is answered.
    pub at_refresh: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    refreshes: AtomicU32,
}

impl FakeProvider {
    /// Returns the provider with this id.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self {
            id,
            policy: ProviderPolicy {
                callback_path: format!("/callback/{id}"),
                redirect_uri: None,
                disable_sign_up: false,
                disable_implicit_sign_up: false,
                override_user_info: false,
                can_refresh: true,
                id_tokens: IdTokens::Verified,
                issuer: IssuerCheck::Unknown,
            },
            user: json!({
                "id": "17",
                "name": "Ada Lovelace",
                "email": "Ada@example.com",
                "image": "https://example.com/ada.png",
                "emailVerified": true,
            }),
            tokens: ProviderTokens {
                access_token: Some(secret("access")),
                refresh_token: Some(secret("refresh")),
                id_token: Some(secret(ID_TOKEN)),
                access_token_expires_at: Some(start() + TimeDelta::hours(1)),
                scopes: Some(vec!["openid".to_owned(), "email".to_owned()]),
                ..ProviderTokens::default()
            },
            is_reachable: true,
            at_refresh: Mutex::default(),
            refreshes: AtomicU32::new(0),
        }
    }

    /// Returns how often tokens were refreshed.
    pub fn refreshes(&self) -> u32 {
        self.refreshes.load(Ordering::SeqCst)
    }

    fn reach(&self) -> Result<(), ProviderError> {
        let failure = || ProviderError::Unreachable(Failure::unavailable("no route"));
        self.is_reachable.then_some(()).ok_or_else(failure)
    }
}

fn secret(text: impl Into<String>) -> Secret<String> {
    Secret::new(text.into())
}

fn rejected() -> ProviderError {
    ProviderError::Rejected(Rejection {
        status: 400,
        reason: "Bad Request".to_owned(),
        error: Map::from_iter([("error".to_owned(), json!("invalid_grant"))]),
    })
}

#[async_trait]
impl IdentityProvider for FakeProvider {
    fn id(&self) -> &str {
        self.id
    }

    fn policy(&self) -> &ProviderPolicy {
        &self.policy
    }

    async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<String, ProviderError> {
        self.reach()?;
        let (state, redirect_uri) = (request.state, request.redirect_uri);
        Ok(format!(
            "https://{}.example/authorize?state={state}&redirect_uri={redirect_uri}",
            self.id
        ))
    }

    async fn exchange(&self, exchange: &CodeExchange<'_>) -> Result<ProviderTokens, ProviderError> {
        self.reach()?;
        if exchange.code.expose() == CODE {
            Ok(self.tokens.clone())
        } else {
            Err(rejected())
        }
    }

    async fn user_info(&self, _tokens: &ProviderTokens) -> Result<Option<UserInfo>, ProviderError> {
        self.reach()?;
        let user = self.user.as_object().cloned();
        Ok(user.map(|user| UserInfo {
            user,
            data: self.user.clone(),
        }))
    }

    /// Issues tokens with the number of the refresh at their ends. Other tasks run before it returns.
    async fn refresh(&self, refresh_token: &Secret<String>) -> Result<ProviderTokens, ProviderError> {
        self.reach()?;
        let count = self.refreshes.fetch_add(1, Ordering::SeqCst) + 1;
        let act = self
            .at_refresh
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(act) = act {
            act();
        }
        tokio::task::yield_now().await;
        if refresh_token.expose() == REVOKED {
            return Err(rejected());
        }
        Ok(ProviderTokens {
            access_token: Some(secret(format!("access-{count}"))),
            refresh_token: Some(secret(format!("refresh-{count}"))),
            access_token_expires_at: Some(start() + TimeDelta::days(1)),
            ..ProviderTokens::default()
        })
    }

    async fn verify_id_token(
        &self,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        self.reach()?;
        Ok(token.expose() == ID_TOKEN && nonce.is_none_or(|nonce| nonce == "nonce"))
    }
}

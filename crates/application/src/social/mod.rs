//! Sign-in with accounts of other providers, and linking of such accounts to users.
//!
//! A request begins in [`Social::start`], which sends the user to the provider, and ends in [`Social::finish`], which
//! receives the provider's answer. Clients that have an id token already use [`Social::sign_in_with_id_token`] and
//! [`Social::link_id_token`]. The identity of a user at a provider is the provider's id together with the user's id
//! there, never an e-mail address.

mod account_cookie;
mod callback;
mod creation;
mod error;
mod id_token;
mod identity;
mod link;
mod options;
pub(crate) mod profile;
mod start;
mod state;
pub(crate) mod stored_tokens;
mod user_change;

use std::sync::Arc;

pub use self::{
    account_cookie::AccountCookie,
    callback::{Answer, CallbackFailure, Finished},
    error::{CallbackError, IdTokenError, IdentityError, LinkError, StartError},
    id_token::{ClientIdToken, IdTokenSignIn},
    options::{SocialOptions, TokenOptions},
    start::{Start, Started},
};
use self::{creation::Creation, state::States, stored_tokens::StoredTokens};
use crate::{
    ports::{Clock, IdentityProvider, IdentityProviders, Ports, Random, Store},
    seams::UserInputs,
    sign_in::completion::SignInCompletion,
    user::UserCreation,
};

/// Signs users in with providers, and links accounts of providers.
pub struct Social {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    providers: IdentityProviders,
    completion: Arc<SignInCompletion>,
    creation: Creation,
    states: States,
    tokens: StoredTokens,
    account_cookie: Option<AccountCookie>,
    options: SocialOptions,
}

impl Social {
    /// Creates the use cases for these providers.
    #[must_use]
    pub fn new(
        ports: &Ports,
        providers: IdentityProviders,
        completion: Arc<SignInCompletion>,
        (users, inputs): (Arc<UserCreation>, Arc<UserInputs>),
        options: SocialOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            providers,
            completion,
            creation: Creation::new(ports, users, inputs, &options),
            states: States::new(ports, &options),
            tokens: StoredTokens::new(ports, options.tokens),
            account_cookie: options.tokens.account_cookie(ports),
            options,
        }
    }

    /// Returns the provider with this id, or `None` if the deployment has none.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Arc<dyn IdentityProvider>> {
        self.providers.find(id)
    }

    /// Returns the writer of the account of a sign-in, or `None` if clients do not store it.
    #[must_use]
    pub const fn account_cookie(&self) -> Option<&AccountCookie> {
        self.account_cookie.as_ref()
    }

    /// Returns the URL to which the provider sends the user back.
    fn redirect_uri(&self, provider: &dyn IdentityProvider) -> String {
        let policy = provider.policy();
        let own = || format!("{}{}", self.options.base_url, policy.callback_path);
        policy.redirect_uri.clone().unwrap_or_else(own)
    }
}

#[cfg(test)]
mod tests;

//! A deployment with one provider, and its users' browsers.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{account::Account, email::EmailAddress, id::AccountId, secret::Secret, user::User};
use serde_json::Value;

use crate::{
    client_token::{
        AUTHORIZATION_STATE, ClientEffects, EARLIER_AUTHORIZATION_STATE, EARLIER_SEALED_AUTHORIZATION_STATE,
        PresentedToken, SEALED_AUTHORIZATION_STATE, TokenEffect, TokenKind,
    },
    context::RequestContext,
    ports::{IdentityProvider, IdentityProviders},
    seams::UserInputs,
    session::StrictCaller,
    social::{Answer, CallbackError, CallbackFailure, Finished, Social, SocialOptions, Start},
    testing::{
        CODE, FakePorts, FakeProvider, MemoryStore, Rows, ServiceOptions, Services,
        fixtures::{a_user, an_account, message_options, social_options},
    },
};

/// The kinds of tokens of states.
const KINDS: [TokenKind; 4] = [
    AUTHORIZATION_STATE,
    EARLIER_AUTHORIZATION_STATE,
    SEALED_AUTHORIZATION_STATE,
    EARLIER_SEALED_AUTHORIZATION_STATE,
];

/// A deployment whose users sign in with a provider.
pub(super) struct World {
    pub(super) fake: FakePorts<MemoryStore>,
    pub(super) provider: FakeProvider,
    pub(super) options: SocialOptions,
    pub(super) services: ServiceOptions,
}

/// A client that keeps the tokens that it is given.
#[derive(Clone, Default)]
pub(super) struct Browser(Vec<(TokenKind, String)>);

impl World {
    /// Returns a deployment with these rows.
    pub(super) fn with(fill: impl FnOnce(&mut Rows)) -> Self {
        Self {
            fake: FakePorts::with_store(MemoryStore::with(fill)),
            provider: FakeProvider::new("github"),
            options: SocialOptions {
                messages: message_options(),
                ..social_options()
            },
            services: ServiceOptions::default(),
        }
    }

    /// Returns a deployment without users.
    pub(super) fn empty() -> Self {
        Self::with(|_| {})
    }

    /// Sets a member of the user at the provider.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.provider.user[name] = value;
    }

    /// Returns the rows.
    pub(super) fn rows(&self) -> Rows {
        self.fake.store.rows()
    }

    /// Returns the use case, with a second provider that has the id `gitlab`.
    pub(super) fn social(&mut self) -> Social {
        let provider = std::mem::replace(&mut self.provider, FakeProvider::new("github"));
        let providers: Vec<Arc<dyn IdentityProvider>> =
            vec![Arc::new(provider), Arc::new(FakeProvider::new("gitlab"))];
        let ports = &self.fake.ports;
        let services = Services::new(ports, self.services.clone());
        let inputs = Arc::new(UserInputs::new(ports, Arc::default()));
        Social::new(
            ports,
            IdentityProviders::new(providers),
            services.completion,
            (services.users, inputs),
            self.options.clone(),
        )
    }

    /// Signs the user in with the provider.
    pub(super) async fn sign_in(&mut self) -> Result<Finished, CallbackError> {
        self.sign_in_with(begin()).await
    }

    /// Signs the user in with the provider, after this request.
    pub(super) async fn sign_in_with(&mut self, start: Start) -> Result<Finished, CallbackError> {
        let social = self.social();
        let mut browser = Browser::default();
        let state = browser.begin(&social, None, start).await;
        let finished = social.finish(answer(&state), &browser.context()).await;
        finished.map_err(|failure| failure.error)
    }

    /// Links the account of the provider to the caller.
    pub(super) async fn link(&mut self, by: &StrictCaller) -> Result<Finished, CallbackError> {
        let social = self.social();
        let mut browser = Browser::default();
        let state = browser.begin(&social, Some(by), begin()).await;
        let finished = social.finish(answer(&state), &browser.context()).await;
        finished.map_err(|failure| failure.error)
    }
}

impl Browser {
    /// Begins a sign-in, or linking to the caller. Returns the state.
    pub(super) async fn begin(&mut self, social: &Social, by: Option<&StrictCaller>, start: Start) -> String {
        let started = social.start(by, start, &self.context()).await.unwrap();
        self.keep(&started.effects);
        let (_, query) = started.url.split_once("state=").unwrap();
        query.split('&').next().unwrap().to_owned()
    }

    /// Delivers the provider's answer.
    pub(super) async fn finish(&mut self, social: &Social, state: &str) -> Result<Finished, CallbackFailure> {
        let finished = social.finish(answer(state), &self.context()).await;
        match &finished {
            Ok(finished) => self.keep(finished.browser_effects.as_ref().unwrap_or(&finished.effects)),
            Err(failure) => failure.effects.iter().for_each(|effects| self.keep(effects)),
        }
        finished
    }

    fn keep(&mut self, effects: &ClientEffects) {
        for effect in &effects.tokens {
            let kind = effect.kind();
            self.0.retain(|(stored, _)| stored.name != kind.name);
            if let TokenEffect::Set { value, .. } = effect {
                self.0.push((kind, value.expose().clone()));
            }
        }
    }

    /// Opens the route that signs the state of any request, as an application does, and any page may do.
    pub(super) fn receive(&mut self, state: &str) {
        let signed = TokenEffect::Set {
            kind: AUTHORIZATION_STATE,
            value: Secret::new(state.to_owned()),
            lifetime: TimeDelta::minutes(5),
        };
        self.keep(&signed.into());
    }

    /// Returns the number of states that the browser stores.
    pub(super) fn states(&self) -> usize {
        self.0.len()
    }

    /// Returns a request of the browser.
    pub(super) fn context(&self) -> RequestContext {
        let kind = |name: &str| KINDS.into_iter().find(|kind| kind.name == name);
        let tokens = self.0.iter().filter_map(|(stored, value)| {
            Some(PresentedToken {
                kind: kind(stored.name)?,
                purpose: stored.purpose,
                value: Secret::new(value.clone()),
            })
        });
        RequestContext {
            tokens: tokens.collect(),
            ..RequestContext::default()
        }
    }
}

/// Returns a request for the provider.
pub(super) fn begin() -> Start {
    Start {
        provider: "github".to_owned(),
        callback_url: Some("/done".to_owned()),
        new_user_url: Some("/new".to_owned()),
        error_url: Some("/oops".to_owned()),
        ..Start::default()
    }
}

/// Returns the provider's answer with a valid code.
pub(super) fn answer(state: &str) -> Answer {
    Answer {
        provider: "github".to_owned(),
        path: "/callback/github".to_owned(),
        state: Some(state.to_owned()),
        code: Some(Secret::new(CODE.to_owned())),
        ..Answer::default()
    }
}

/// Returns the user's account at the provider.
pub(super) fn at_provider(user: &User) -> Account {
    Account {
        id: AccountId::new("account-2"),
        account_id: "17".to_owned(),
        provider_id: "github".to_owned(),
        user_id: user.id.clone(),
        password: None,
        ..an_account("")
    }
}

/// Returns the user with another address.
pub(super) fn renamed() -> User {
    User {
        email: EmailAddress::from_stored("countess@example.com"),
        ..a_user()
    }
}

/// Returns the ids of the accounts and of their users.
pub(super) fn accounts(world: &World) -> Vec<(String, String)> {
    let accounts = world.rows().accounts.into_iter();
    accounts
        .map(|account| (account.account_id, account.user_id.as_str().to_owned()))
        .collect()
}

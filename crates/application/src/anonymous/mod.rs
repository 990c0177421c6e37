//! Guests: users who sign in without proving who they are, until they sign in as another user.

mod error;
mod link;
mod sign_in_observer;

use std::sync::Arc;

use portcullis_domain::{
    additional::FieldSchema,
    anonymous::{self, AnonymousDomain, IS_ANONYMOUS, RANDOM_LENGTH, is_anonymous},
    user::{NewUser, User},
};
use serde_json::Map;

pub use self::{
    error::{AnonymousDeletionError, AnonymousSignInError},
    link::AnonymousLink,
    sign_in_observer::{AnonymousObserver, GUEST, guest_session},
};
use crate::{
    client_token::{ClientEffects, SessionEffect},
    context::RequestContext,
    ports::{Clock, Ports, Random, RandomExt, Store},
    seams::UserDeletionGuards,
    session::StrictCaller,
    sign_in::completion::{Outcome, SignInCompletion, SignInMethod, SigningIn},
    user::UserCreation,
};

/// Options of guests.
#[derive(Clone, Debug, PartialEq)]
pub struct AnonymousOptions {
    /// The name of every guest.
    pub name: String,
    /// The domain of their addresses. `None`: each guest has a domain of its own.
    pub domain: Option<AnonymousDomain>,
    /// Whether guests are deleted, by themselves or when they sign in as another user.
    pub are_deleted: bool,
    /// The fields of users that features and the deployment add.
    pub fields: FieldSchema,
}

/// Signs guests in, and deletes them.
pub struct AnonymousUsers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    users: Arc<UserCreation>,
    completion: Arc<SignInCompletion>,
    guards: UserDeletionGuards,
    options: AnonymousOptions,
}

impl AnonymousUsers {
    /// Creates the use cases with these options. Guests are deleted only if the guards allow it.
    #[must_use]
    pub fn new(
        ports: &Ports,
        users: Arc<UserCreation>,
        completion: Arc<SignInCompletion>,
        guards: UserDeletionGuards,
        options: AnonymousOptions,
    ) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            users,
            completion,
            guards,
            options,
        }
    }

    /// Creates a guest and signs the guest in, in one unit of work.
    ///
    /// # Errors
    ///
    /// [`AnonymousSignInError::AlreadyAnonymous`] if the caller is a guest.
    pub async fn sign_in(
        &self,
        by: Option<&StrictCaller>,
        context: &RequestContext,
    ) -> Result<Outcome, AnonymousSignInError> {
        if by.is_some_and(|by| is_anonymous(by.user())) {
            return Err(AnonymousSignInError::AlreadyAnonymous);
        }
        let guest = self.guest()?;

        let mut unit = self.store.begin();
        let user = unit.users().insert(&guest).await?;
        let signing_in = SigningIn {
            now: user.created_at,
            user,
            method: SignInMethod::Anonymous,
            context,
            is_remembered: true,
        };
        let outcome = self.completion.complete(unit.as_mut(), signing_in).await?;
        if !matches!(outcome, Outcome::Refused(_)) {
            unit.commit().await?;
        }
        Ok(outcome)
    }

    /// Deletes the caller, who must be a guest.
    ///
    /// # Errors
    ///
    /// [`AnonymousDeletionError::NotAnonymous`] for every other user.
    pub async fn delete(&self, by: &StrictCaller) -> Result<ClientEffects, AnonymousDeletionError> {
        if !self.options.are_deleted {
            return Err(AnonymousDeletionError::Disabled);
        }
        if !is_anonymous(by.user()) {
            return Err(AnonymousDeletionError::NotAnonymous);
        }

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(AnonymousDeletionError::SessionEnded)?;
        let user = unit.users().find(&by.user().id).await?;
        let user = user.filter(is_anonymous);
        let user = user.ok_or(AnonymousDeletionError::NotAnonymous)?;
        self.guards.delete(unit.as_mut(), &user).await?;
        unit.commit().await?;
        Ok(SessionEffect::Clear.into())
    }

    /// Returns a new guest, whom the caller stores.
    fn guest(&self) -> Result<User, AnonymousSignInError> {
        let fields = self.options.fields.create(&Map::new());
        let mut additional = fields.map_err(|_errors| AnonymousSignInError::UnableToCreateUser)?;
        additional.set(IS_ANONYMOUS, true.into());
        let random = self.random.text(RANDOM_LENGTH);
        let new = NewUser {
            name: self.options.name.clone(),
            email: anonymous::address(&random, self.options.domain.as_ref()),
            email_verified: false,
            image: None,
            additional,
        };
        Ok(self
            .users
            .create(new, Some(&SignInMethod::Anonymous), self.clock.now()))
    }
}

#[cfg(test)]
mod tests;

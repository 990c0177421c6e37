//! Guests: users who sign in without proving who they are, until they sign in as another user.

mod deletion;
mod error;
mod link;
mod sign_in;
mod sign_in_observer;

use std::sync::Arc;

use portcullis_domain::{additional::FieldSchema, anonymous::AnonymousDomain};

pub use self::{
    error::{AnonymousDeletionError, AnonymousSignInError},
    link::AnonymousLink,
    sign_in_observer::{AnonymousObserver, GUEST, guest_session},
};
use crate::{
    ports::{Clock, Ports, Random, Store},
    seams::UserDeletionGuards,
    sign_in::completion::SignInCompletion,
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
}

#[cfg(test)]
mod tests;

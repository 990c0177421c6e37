//! Guests: their use cases, and their deletion when they sign in as another user.

use std::sync::Arc;

use portcullis_application::{
    anonymous::{AnonymousLink, AnonymousObserver, AnonymousUsers},
    ports::Ports,
    seams::SignInObserver,
};

use crate::{config::Config, features::Shared};

/// Returns the use cases, or `None` if there are no guests.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<AnonymousUsers> {
    let options = config.anonymous.clone()?;
    let (users, completion) = (Arc::clone(&shared.users), Arc::clone(&shared.completion));
    Some(AnonymousUsers::new(
        ports,
        users,
        completion,
        shared.deletion_guards.clone(),
        options,
    ))
}

/// Returns the observer that remembers guests whose sign-in as another user waits for a second step.
pub(crate) fn observer(config: &Config) -> Option<Arc<dyn SignInObserver>> {
    config.anonymous.as_ref().filter(|options| options.are_deleted)?;
    Some(Arc::new(AnonymousObserver))
}

/// Returns what deletes guests who sign in as another user, or `None` if they are not deleted.
pub(crate) fn link(ports: &Ports, config: &Config, shared: &Shared) -> Option<AnonymousLink> {
    config.anonymous.as_ref().filter(|options| options.are_deleted)?;
    let sessions = Arc::clone(&shared.sessions);
    Some(AnonymousLink::new(
        ports,
        sessions,
        shared.deletion_guards.clone(),
    ))
}

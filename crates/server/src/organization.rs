//! Organizations: their use cases, and the rule for the deletion of owners.

use std::sync::Arc;

use portcullis_application::{
    organization::{Organizations, OwnerGuard},
    ports::Ports,
    seams::UserDeletionGuard,
};

use crate::config::Config;

/// Returns the use cases, or `None` if organizations are disabled.
pub(crate) fn of(ports: &Ports, config: &Config) -> Option<Organizations> {
    let options = config.organization.clone()?;
    let (messages, session) = (config.messages.clone(), config.session.policy);
    Some(Organizations::new(ports, options, messages, session))
}

/// Returns the guard that refuses the deletion of the only owner of an organization.
pub(crate) fn deletion_guard(config: &Config) -> Option<Arc<dyn UserDeletionGuard>> {
    Some(Arc::new(OwnerGuard::new(config.organization.as_ref()?)))
}

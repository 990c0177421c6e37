//! Passkeys: their use cases, and the rules for unproven owners and for guests.

use std::sync::Arc;

use portcullis_application::{
    passkey::{PasskeyGuard, Passkeys, UnprovenPasskeys},
    ports::Ports,
    seams::{UnprovenCredential, UserDeletionGuard},
};

use crate::{config::Config, features::Shared};

/// Returns the use cases of passkeys, or `None` if they are disabled.
pub(crate) fn use_cases(ports: &Ports, config: &Config, shared: &Shared) -> Option<Passkeys> {
    let options = config.passkey.clone()?;
    Some(Passkeys::new(ports, Arc::clone(&shared.completion), options))
}

/// Returns what deletes passkeys that an unproven owner of an account has registered.
pub(crate) fn unproven(config: &Config) -> Option<Arc<dyn UnprovenCredential>> {
    config.passkey.as_ref()?;
    Some(Arc::new(UnprovenPasskeys))
}

/// Returns the guard that keeps guests who can sign in again with a passkey.
pub(crate) fn deletion_guard(config: &Config) -> Option<Arc<dyn UserDeletionGuard>> {
    config.passkey.as_ref()?;
    Some(Arc::new(PasskeyGuard))
}

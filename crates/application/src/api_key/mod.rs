//! API keys: their owners manage them, and services verify them. A key can also stand for a session of its owner.

mod change;
mod create;
mod error;
mod new_key_check;
mod patch;
mod registry;
mod session;
mod unproven_credential;
mod update;
mod verify;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_domain::{
    api_key::{KeyPolicy, PlainKey},
    secret::Secret,
};

pub use self::{
    change::{KeyChange, PrivilegedChange},
    create::CreatedKey,
    error::{
        CreateKeyError, DeleteKeyError, FindKeyError, KeySessionError, ListKeysError, UpdateKeyError,
        VerifyKeyError,
    },
    unproven_credential::UnprovenApiKeys,
    verify::VerifiedKey,
};
use crate::{
    clock_check::ClockCheck,
    housekeeping::Deletion,
    ports::{ApiKeyDigests, Clock, Ports, Random, Store},
    seams::SessionVetoes,
};

/// Options of API keys.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKeyOptions {
    /// The rules for keys.
    pub policy: KeyPolicy,
    /// The lifetime that is shown for the session of a key that never expires.
    pub session_lifetime: TimeDelta,
}

impl ApiKeyOptions {
    /// Returns the deletion of expired keys.
    #[must_use]
    pub const fn deletion() -> Deletion {
        Deletion {
            rows: "api_keys",
            kept: TimeDelta::zero(),
            delete: |db, before, limit| db.api_keys().delete_expired(before, limit),
        }
    }
}

/// Creates, shows, changes, deletes and verifies API keys.
#[derive(Clone)]
pub struct ApiKeys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    clock_check: ClockCheck,
    random: Arc<dyn Random>,
    digests: Arc<dyn ApiKeyDigests>,
    vetoes: SessionVetoes,
    options: ApiKeyOptions,
}

impl ApiKeys {
    /// Creates the use cases by these options. A key is not valid if one of `vetoes` refuses a session of its owner.
    #[must_use]
    pub fn new(ports: &Ports, vetoes: SessionVetoes, options: ApiKeyOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            clock: Arc::clone(&ports.clock),
            clock_check: ports.clock_check.clone(),
            random: Arc::clone(&ports.random),
            digests: Arc::clone(&ports.api_key_digests),
            vetoes,
            options,
        }
    }

    /// Returns the form in which a key is stored.
    fn stored_form(&self, key: &PlainKey) -> Secret<String> {
        if self.options.policy.is_hashed {
            self.digests.digest(key)
        } else {
            key.clone()
        }
    }
}

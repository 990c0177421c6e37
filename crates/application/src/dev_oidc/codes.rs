//! Codes of the provider of development mode, in memory.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use portcullis_domain::secret::Secret;

use super::Person;

/// Maximum number of codes. The oldest one is dropped for a new one.
const CAPACITY: usize = 64;

/// A code, and what it is bound to.
pub(super) struct Grant {
    pub(super) code: Secret<String>,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) person: Person,
}

/// The codes that were issued and not used, the oldest first.
#[derive(Default)]
pub(super) struct Codes(Mutex<VecDeque<Grant>>);

impl Codes {
    /// Adds a code.
    pub(super) fn issue(&self, grant: Grant, now: DateTime<Utc>) {
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        grants.retain(|grant| grant.expires_at > now);
        if grants.len() >= CAPACITY {
            grants.pop_front();
        }
        grants.push_back(grant);
    }

    /// Returns what a code stands for, and removes it: of several callers only one receives it. `None` if the code is
    /// unknown, was used, or has expired.
    pub(super) fn redeem(&self, code: &str, now: DateTime<Utc>) -> Option<Grant> {
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = grants.iter().position(|grant| grant.code.matches(code))?;
        grants.remove(place).filter(|grant| grant.expires_at > now)
    }
}

//! Checks whether a key may be used now.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ApiKey, KeyUsage};
use crate::access::{PermissionRequest, Statements};

/// Why a key is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRefusal {
    /// The key is disabled.
    Disabled,
    /// It has expired, and can be deleted.
    Expired,
    /// It does not have the requested permissions.
    NotPermitted,
    /// No use remains.
    Exhausted {
        /// Whether none will remain later either, so that the key can be deleted.
        is_final: bool,
    },
    /// It was used too often.
    RateLimited {
        /// The time after which it may be used again.
        retry_after: TimeDelta,
    },
}

/// Whether the deployment limits how often keys are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimiting {
    /// Each key has its own limit.
    On,
    /// No key is limited.
    Off,
}

impl ApiKey {
    /// Returns the usage after a use of the key at this time.
    ///
    /// # Errors
    ///
    /// The first reason for which the key is not accepted.
    pub fn check(
        &self,
        wanted: Option<&Statements>,
        rate_limiting: RateLimiting,
        now: DateTime<Utc>,
    ) -> Result<KeyUsage, KeyRefusal> {
        if self.is_enabled == Some(false) {
            return Err(KeyRefusal::Disabled);
        }
        if self.is_expired(now) {
            return Err(KeyRefusal::Expired);
        }
        if wanted.is_some_and(|wanted| !self.permits(wanted)) {
            return Err(KeyRefusal::NotPermitted);
        }
        self.spent(now)?.counted(self, rate_limiting, now)
    }

    fn permits(&self, wanted: &Statements) -> bool {
        let request = PermissionRequest::from(wanted);
        self.permissions
            .as_ref()
            .is_some_and(|permissions| permissions.permit(&request))
    }
}

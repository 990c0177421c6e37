//! How long an administrator may act for a user.

use chrono::TimeDelta;
use portcullis_domain::{admin::impersonator, session::Session};

use super::AdminOptions;
use crate::seams::{DelegatedSession, SessionLifetime};

/// Limits sessions in which an administrator acts for a user, and recognizes them.
pub struct ImpersonationLimit(TimeDelta);

impl ImpersonationLimit {
    /// Creates the limit with these options.
    #[must_use]
    pub const fn new(options: &AdminOptions) -> Self {
        Self(options.impersonation_lifetime)
    }
}

impl SessionLifetime for ImpersonationLimit {
    fn limit(&self, session: &Session) -> Option<TimeDelta> {
        impersonator(session).map(|_admin| self.0)
    }
}

impl DelegatedSession for ImpersonationLimit {
    fn is_delegated(&self, session: &Session) -> bool {
        impersonator(session).is_some()
    }
}

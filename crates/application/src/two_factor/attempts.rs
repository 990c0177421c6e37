//! The limit on wrong second factors of a user, over all challenges and kinds of codes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    rate_limit::{Decision, Rule},
    two_factor::{BLOCKED_WARNINGS, FAILED_ATTEMPTS},
    user::User,
};

use super::TwoFactorError;
use crate::ports::{Failure, Ports, Repositories, Store};

/// Counts attempts.
pub(super) struct Attempts {
    store: Arc<dyn Store>,
}

impl Attempts {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
        }
    }

    /// Counts an attempt before the code is compared, so that concurrent attempts are all counted.
    pub(super) async fn count(&self, user: &User, now: DateTime<Utc>) -> Result<(), TwoFactorError> {
        match self.decide(&key(user), FAILED_ATTEMPTS, now).await? {
            Decision::Allowed => Ok(()),
            Decision::Denied(denied) => {
                self.warn(user, now).await?;
                Err(TwoFactorError::TooManyAttempts(denied))
            }
        }
    }

    /// Logs that the user's second factors are blocked, once in the time that they are: attempts may continue meanwhile.
    async fn warn(&self, user: &User, now: DateTime<Utc>) -> Result<(), Failure> {
        let key = format!("second-factor-blocked|{}", user.id.as_str());
        if self.decide(&key, BLOCKED_WARNINGS, now).await? == Decision::Allowed {
            tracing::warn!(
                "the second factors of a user are blocked after ten wrong codes; \
                 another person may know the user's password"
            );
        }
        Ok(())
    }

    async fn decide(&self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Decision, Failure> {
        let mut db = self.store.autocommit();
        db.rate_limits().count(key, rule, now).await
    }
}

/// Deletes the count, since a code was right.
pub(super) async fn reset(db: &mut dyn Repositories, user: &User) -> Result<(), Failure> {
    db.rate_limits().delete(&key(user)).await
}

fn key(user: &User) -> String {
    format!("failed-second-factor|{}", user.id.as_str())
}

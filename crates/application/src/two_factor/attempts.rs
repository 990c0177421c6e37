//! The limit on wrong second factors of a user, over all challenges and kinds of codes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{rate_limit::Decision, two_factor::FAILED_ATTEMPTS, user::User};

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
        let mut db = self.store.autocommit();
        let decision = db.rate_limits().count(&key(user), FAILED_ATTEMPTS, now).await?;
        match decision {
            Decision::Allowed => Ok(()),
            Decision::Denied(denied) => Err(TwoFactorError::TooManyAttempts(denied)),
        }
    }
}

/// Deletes the count, since a code was right.
pub(super) async fn reset(db: &mut dyn Repositories, user: &User) -> Result<(), Failure> {
    db.rate_limits().delete(&key(user)).await
}

fn key(user: &User) -> String {
    format!("failed-second-factor|{}", user.id.as_str())
}

//! The limit on wrong second factors of a user, over all challenges and kinds of codes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{rate_limit::Decision, two_factor::FAILED_ATTEMPTS, user::User};

use super::TwoFactorError;
use crate::{
    ports::{Failure, Mac, Ports, Repositories, Store},
    rate_limit,
};

/// Counts attempts.
pub(super) struct Attempts {
    store: Arc<dyn Store>,
    mac: Arc<dyn Mac>,
}

impl Attempts {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            mac: Arc::clone(&ports.mac),
        }
    }

    /// Counts an attempt before the code is compared, so that concurrent attempts are all counted.
    pub(super) async fn count(&self, user: &User, now: DateTime<Utc>) -> Result<(), TwoFactorError> {
        let mut db = self.store.autocommit();
        let decision = db
            .rate_limits()
            .count(&self.key(user), FAILED_ATTEMPTS, now)
            .await?;
        match decision {
            Decision::Allowed => Ok(()),
            Decision::Denied(denied) => Err(TwoFactorError::TooManyAttempts(denied)),
        }
    }

    /// Deletes the count, since a code was right.
    pub(super) async fn reset(&self, db: &mut dyn Repositories, user: &User) -> Result<(), Failure> {
        db.rate_limits().delete(&self.key(user)).await
    }

    fn key(&self, user: &User) -> String {
        rate_limit::key_of(&user.email, "failed-second-factor", self.mac.as_ref())
    }
}

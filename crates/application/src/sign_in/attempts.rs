//! How often a password may be guessed, wherever the guesses come from.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    rate_limit::{Refused, Rule},
};

use crate::{
    context::RequestContext,
    ports::{Failure, Mac, Ports, Repositories, Store},
    rate_limit,
};

/// How many sign-ins to one account may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedSignIns {
    /// How many, in how much time.
    pub rule: Rule,
    /// For how long an address is known from which the right password came.
    pub known_for: TimeDelta,
}

/// Counts the attempts on each account, and on each e-mail address that is nobody's, alike; without options, none.
pub(crate) struct Attempts {
    store: Arc<dyn Store>,
    mac: Arc<dyn Mac>,
    options: Option<FailedSignIns>,
}

impl Attempts {
    pub(crate) fn new(ports: &Ports, options: Option<FailedSignIns>) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            mac: Arc::clone(&ports.mac),
            options,
        }
    }

    /// Counts an attempt before anything is compared, so that of any number at once no more are compared than may
    /// fail. Who comes from where the account's owner has lately come from is not refused, or strangers could lock
    /// the owner out.
    pub(crate) async fn begin(
        &self,
        email: &EmailAddress,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Option<Refused>, Failure> {
        let Some(options) = self.options else {
            return Ok(None);
        };
        let mut db = self.store.read();
        let refused = db
            .rate_limits()
            .admit(&self.key(email), options.rule, now)
            .await?;
        if refused.is_none() || context.is_address_shared {
            return Ok(refused);
        }
        let since = now - options.known_for;
        let is_known = db
            .known_addresses()
            .is_known(email, &context.ip_address, since)
            .await?;
        Ok(refused.filter(|_| !is_known))
    }

    /// The password was right: nothing is held against the account any more, and its owner is known here.
    pub(crate) async fn succeed(
        &self,
        db: &mut dyn Repositories,
        (email, user): (&EmailAddress, &UserId),
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if self.options.is_none() {
            return Ok(());
        }
        db.rate_limits().forget(&self.key(email)).await?;
        if !context.is_address_shared {
            db.known_addresses()
                .remember(user, &context.ip_address, now)
                .await?;
        }
        Ok(())
    }

    fn key(&self, email: &EmailAddress) -> String {
        rate_limit::key_of(email, "failed-sign-in", self.mac.as_ref())
    }
}

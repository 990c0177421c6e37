//! Limits on failed password checks of one account, from any number of addresses.

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
    /// How many, in how much time: from all addresses together, and as many again from each known address.
    pub rule: Rule,
    /// For how long an address is known to the account after the user signed in from it.
    pub known_for: TimeDelta,
}

/// Counts the attempts on each account, and on each e-mail address that no user has, alike. Without options, it counts
/// none.
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
    /// fail. An address from which the user signed in has a budget of its own, or strangers could lock the user out.
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
        if !is_known {
            return Ok(refused);
        }
        let key = self.key_of_address(email, context);
        db.rate_limits().admit(&key, options.rule, now).await
    }

    /// The password was right: forgets the failures, and notes the client's address as known.
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
            db.rate_limits()
                .forget(&self.key_of_address(email, context))
                .await?;
        }
        self.remember(db, user, context, now).await
    }

    /// Notes that the client's address is one from which the user comes, unless others may come from there as well.
    pub(crate) async fn remember(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if self.options.is_none() || context.is_address_shared {
            return Ok(());
        }
        db.known_addresses()
            .remember(user, &context.ip_address, now)
            .await
    }

    /// The account has a new password: forgets the failures, and every address that was known but the client's.
    pub(crate) async fn start_over(
        &self,
        db: &mut dyn Repositories,
        (email, user): (&EmailAddress, &UserId),
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        db.known_addresses().delete_by_user(user).await?;
        self.succeed(db, (email, user), context, now).await
    }

    fn key(&self, email: &EmailAddress) -> String {
        rate_limit::key_of(email, "failed-sign-in", self.mac.as_ref())
    }

    fn key_of_address(&self, email: &EmailAddress, context: &RequestContext) -> String {
        let what = format!("failed-sign-in-from|{}", context.ip_address);
        rate_limit::key_of(email, &what, self.mac.as_ref())
    }
}

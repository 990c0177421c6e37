//! Limits on failed password checks per account, over all IP addresses.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    rate_limit::{Decision, Rule},
    user::User,
};

use crate::{
    context::RequestContext,
    ports::{Failure, Mac, Ports, Repositories, Store},
    rate_limit,
};

/// The limit on failed sign-ins to one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedSignIns {
    /// The number and the window: for all IP addresses together, and once more for each known IP address.
    pub rule: Rule,
    /// How long an IP address stays known to the account after the user signed in from it.
    pub known_for: TimeDelta,
}

/// The key under which the attempts of one account are counted: the user's e-mail address, by whatever identifier the user
/// was found.
#[derive(Clone, Debug)]
pub struct AttemptKey(EmailAddress);

impl AttemptKey {
    /// Returns the key of an identifier that no user has. Its attempts are counted in the same way as those of a user.
    #[must_use]
    pub fn of_unknown(identifier: &str) -> Self {
        Self(EmailAddress::from_stored(identifier))
    }
}

impl From<&EmailAddress> for AttemptKey {
    fn from(email: &EmailAddress) -> Self {
        Self(email.clone())
    }
}

impl From<&User> for AttemptKey {
    fn from(user: &User) -> Self {
        Self::from(&user.email)
    }
}

/// Counts the attempts per account, in the same way whether there is such a user or not. Without options, it counts
/// nothing.
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

    /// Counts an attempt before the password is compared, so that of any number of concurrent attempts no more are
    /// compared than may fail. An IP address from which the user signed in has its own budget; otherwise strangers
    /// could lock the user out.
    pub(crate) async fn count(
        &self,
        AttemptKey(email): &AttemptKey,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Decision, Failure> {
        let Some(options) = self.options else {
            return Ok(Decision::Allowed);
        };
        let mut db = self.store.autocommit();
        let decision = db
            .rate_limits()
            .count(&self.key(email), options.rule, now)
            .await?;
        if decision == Decision::Allowed || context.is_ip_address_shared {
            return Ok(decision);
        }
        let since = now - options.known_for;
        let is_known = db
            .known_addresses()
            .is_known(email, &context.ip_address, since)
            .await?;
        if !is_known {
            return Ok(decision);
        }
        let key = self.key_of_address(email, context);
        db.rate_limits().count(&key, options.rule, now).await
    }

    /// After a right password of a user who is signed in: deletes the counts of failures, and stores the client's IP
    /// address as known.
    pub(crate) async fn record_success(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.delete_counts(db, user, context).await?;
        self.store_known_address(db, user, context, now).await
    }

    /// After a right password: deletes the counts of failures.
    pub(crate) async fn delete_counts(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        if self.options.is_none() {
            return Ok(());
        }
        let email = &user.email;
        db.rate_limits().delete(&self.key(email)).await?;
        if !context.is_ip_address_shared {
            db.rate_limits()
                .delete(&self.key_of_address(email, context))
                .await?;
        }
        Ok(())
    }

    /// Stores the client's IP address as known to the user, unless other clients may share it.
    pub(crate) async fn store_known_address(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if self.options.is_none() || context.is_ip_address_shared {
            return Ok(());
        }
        db.known_addresses()
            .remember(&user.id, &context.ip_address, now)
            .await
    }

    /// After a new password: deletes the counts of failures, and every known IP address except the client's.
    pub(crate) async fn reset(
        &self,
        db: &mut dyn Repositories,
        user: &User,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        db.known_addresses().delete_by_user(&user.id).await?;
        self.record_success(db, user, context, now).await
    }

    fn key(&self, email: &EmailAddress) -> String {
        rate_limit::key_of(email, "failed-sign-in", self.mac.as_ref())
    }

    fn key_of_address(&self, email: &EmailAddress, context: &RequestContext) -> String {
        let what = format!("failed-sign-in-from|{}", context.ip_address);
        rate_limit::key_of(email, &what, self.mac.as_ref())
    }
}

//! The limit on wrong codes for an address or a telephone number, over all codes that were sent to it.

use std::{iter, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    code::{CodeKey, FAILED_CODES},
    email::EmailAddress,
    rate_limit::Decision,
};

use super::CodeError;
use crate::{
    context::RequestContext,
    ports::{Failure, Mac, Ports, Repositories, Store},
    rate_limit,
};

/// Counts attempts. A newer code does not reset the count, and neither does a code for another purpose.
#[derive(Clone)]
pub(super) struct Attempts {
    store: Arc<dyn Store>,
    mac: Arc<dyn Mac>,
    known_for: TimeDelta,
}

impl Attempts {
    pub(super) fn new(ports: &Ports, known_for: TimeDelta) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            mac: Arc::clone(&ports.mac),
            known_for,
        }
    }

    /// Counts an attempt before the code is compared, so that concurrent attempts are all counted. A client at an IP address
    /// from which the user has signed in has attempts of its own; otherwise strangers could lock the user out. The user of a
    /// number is the one who has proven it.
    pub(super) async fn count(
        &self,
        key: &CodeKey,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), CodeError> {
        let Some(counter) = self.counter(key, "") else {
            return Ok(());
        };
        let mut db = self.store.autocommit();
        let mut decision = db.rate_limits().count(&counter, FAILED_CODES, now).await?;
        if decision != Decision::Allowed
            && self.is_known(db.as_mut(), key, context, now).await?
            && let Some(own) = self.counter(key, &from(context))
        {
            decision = db.rate_limits().count(&own, FAILED_CODES, now).await?;
        }
        match decision {
            Decision::Allowed => Ok(()),
            Decision::Denied(denied) => Err(CodeError::TooManyForRecipient(denied)),
        }
    }

    /// Deletes the counts, since a code was right.
    pub(super) async fn reset(
        &self,
        db: &mut dyn Repositories,
        key: &CodeKey,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let own = (!context.is_ip_address_shared).then(|| from(context));
        for client in iter::once(String::new()).chain(own) {
            if let Some(counter) = self.counter(key, &client) {
                db.rate_limits().delete(&counter).await?;
            }
        }
        Ok(())
    }

    async fn is_known(
        &self,
        db: &mut dyn Repositories,
        key: &CodeKey,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if context.is_ip_address_shared {
            return Ok(false);
        }
        let email = if let CodeKey::Address(_, email) = key {
            email.clone()
        } else if let CodeKey::Phone(_, number) = key
            && let Some(owner) = db.phone_numbers().find_owner(number).await?
        {
            owner.email
        } else {
            return Ok(false);
        };
        let since = now - self.known_for;
        db.known_addresses()
            .is_known(&email, &context.ip_address, since)
            .await
    }

    /// Returns the key of the count: for all clients if `client` is empty, otherwise for one client. A phone number may
    /// be any text, also an address, so that the counts of numbers and of addresses must have different names.
    fn counter(&self, key: &CodeKey, client: &str) -> Option<String> {
        let recipient = EmailAddress::from_stored(key.recipient()?);
        let name = if matches!(key, CodeKey::Phone(..)) {
            "failed-phone-code"
        } else {
            "failed-code"
        };
        let what = format!("{name}{client}");
        Some(rate_limit::key_of(&recipient, &what, self.mac.as_ref()))
    }
}

/// Returns the suffix of the name of the count for one client.
fn from(context: &RequestContext) -> String {
    format!("-from|{}", context.ip_address)
}

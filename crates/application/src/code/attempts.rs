//! The limit on wrong codes for an address or a telephone number, over all codes that were sent to it.

use std::sync::Arc;

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
    /// from which the user has signed in has attempts of its own; otherwise strangers could lock the user out.
    pub(super) async fn count(
        &self,
        key: &CodeKey,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<(), CodeError> {
        let Some(recipient) = key.recipient() else {
            return Ok(());
        };
        let mut db = self.store.autocommit();
        let counter = self.counter(recipient);
        let mut decision = db.rate_limits().count(&counter, FAILED_CODES, now).await?;
        if decision != Decision::Allowed && self.is_known(db.as_mut(), key, context, now).await? {
            let own = self.counter_of_address(recipient, context);
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
        let Some(recipient) = key.recipient() else {
            return Ok(());
        };
        db.rate_limits().delete(&self.counter(recipient)).await?;
        if context.is_ip_address_shared {
            return Ok(());
        }
        let own = self.counter_of_address(recipient, context);
        db.rate_limits().delete(&own).await
    }

    async fn is_known(
        &self,
        db: &mut dyn Repositories,
        key: &CodeKey,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let CodeKey::Address(_, email) = key else {
            return Ok(false);
        };
        if context.is_ip_address_shared {
            return Ok(false);
        }
        db.known_addresses()
            .is_known(email, &context.ip_address, now - self.known_for)
            .await
    }

    fn counter(&self, recipient: &str) -> String {
        let recipient = EmailAddress::from_stored(recipient);
        rate_limit::key_of(&recipient, "failed-code", self.mac.as_ref())
    }

    fn counter_of_address(&self, recipient: &str, context: &RequestContext) -> String {
        let recipient = EmailAddress::from_stored(recipient);
        let what = format!("failed-code-from|{}", context.ip_address);
        rate_limit::key_of(&recipient, &what, self.mac.as_ref())
    }
}

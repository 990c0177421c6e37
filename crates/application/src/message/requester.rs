//! Who causes a message, on which the limits depend.

use chrono::{DateTime, Utc};
use portcullis_domain::email::EmailAddress;

use super::MessageWriter;
use crate::{context::RequestContext, ports::Failure};

/// Who causes a message. Each kind of requester has its own budget, so that strangers cannot use up the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requester {
    /// An unauthenticated client at an unknown IP address.
    Stranger,
    /// A client that signs up with the e-mail address.
    NewUser,
    /// The recipient: signed in, or at an IP address from which the user has signed in.
    User,
}

impl MessageWriter {
    /// Returns which kind of requester causes messages to `email` by this request. It costs the same statement whether
    /// a user has the address or not.
    pub(crate) async fn requester(
        &self,
        email: &EmailAddress,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Requester, Failure> {
        let Some(limits) = &self.options.limits else {
            return Ok(Requester::Stranger);
        };
        if context.is_ip_address_shared {
            return Ok(Requester::Stranger);
        }
        let is_known = self
            .store
            .autocommit()
            .known_addresses()
            .is_known(email, &context.ip_address, now - limits.known_for)
            .await?;
        Ok(if is_known {
            Requester::User
        } else {
            Requester::Stranger
        })
    }
}

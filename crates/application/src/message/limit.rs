//! Limits on messages: how many of one sort an e-mail address receives.
//!
//! They are counted before a unit of work begins, so that no request holds a connection, or a lock on a user, while it
//! waits for another request to be counted.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{email::EmailAddress, message::MessageKind, rate_limit::Rule, verification::Purpose};

use super::{Letter, Post};
use crate::{context::RequestContext, ports::Failure, rate_limit};

/// How many messages of one sort an e-mail address receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageLimits {
    /// All of these must admit a message. Those with a short window come first: a message that they refuse is not
    /// counted by the others.
    pub rules: Vec<Rule>,
    /// For how long after a sign-in the client's address is known to the account.
    pub known_for: TimeDelta,
}

/// Who causes a message to be sent. Each has a budget of its own, so that strangers cannot use up the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requester {
    /// A client of whom nothing is known.
    Stranger,
    /// A client that signs up with the address.
    NewUser,
    /// The user whose message it is: signed in, or at an address from which the user has signed in.
    User,
}

/// A key under which messages are counted, and how many it admits.
#[derive(Debug)]
pub(super) struct Limit {
    key: String,
    rule: Rule,
}

impl Post {
    /// Returns who causes messages to `email` to be sent by this request. It costs the same statement whether a user
    /// has the address or not.
    pub(crate) async fn requester(
        &self,
        email: &EmailAddress,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Requester, Failure> {
        let Some(limits) = &self.options.limits else {
            return Ok(Requester::Stranger);
        };
        if context.is_address_shared {
            return Ok(Requester::Stranger);
        }
        let is_known = self
            .store
            .read()
            .known_addresses()
            .is_known(email, &context.ip_address, now - limits.known_for)
            .await?;
        Ok(if is_known {
            Requester::User
        } else {
            Requester::Stranger
        })
    }

    /// Counts the message, and returns whether it may be queued. To be called before a unit of work begins. The caller
    /// answers the request in the same way in either case.
    pub(crate) async fn admits(
        &self,
        letter: &(impl AsRef<Letter> + Sync),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        for Limit { key, rule } in &letter.as_ref().limits {
            let refused = self.store.read().rate_limits().admit(key, *rule, now).await?;
            if refused.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The limits of a message. Messages with a one-time token are counted by its purpose: a stranger who wants an
    /// address must not use up what its owner has requested to prove it. Notices of what the user did have none.
    pub(super) fn limits(
        &self,
        kind: MessageKind,
        purpose: Option<Purpose>,
        (to, requester): (&EmailAddress, Requester),
    ) -> Vec<Limit> {
        let Some(limits) = self.options.limits.as_ref().filter(|_| !kind.is_notice()) else {
            return Vec::new();
        };
        let sort = purpose.map_or_else(|| kind.name(), Purpose::name);
        let budget = match requester {
            Requester::Stranger => "message",
            Requester::NewUser => "message-by-sign-up",
            Requester::User => "message-by-user",
        };
        let limit = |rule: &Rule| {
            let window = rule.window.num_seconds();
            let what = format!("{budget}|{sort}|{window}");
            Limit {
                key: rate_limit::key_of(to, &what, self.mac.as_ref()),
                rule: *rule,
            }
        };
        limits.rules.iter().map(limit).collect()
    }
}

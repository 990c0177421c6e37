//! Limits on the messages that an e-mail address or a phone number receives, per sort of message.
//!
//! Messages are counted before a unit of work begins, so that no request holds a connection, or a lock on a user, while
//! it waits for another request to be counted.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    message::MessageKind,
    rate_limit::{Decision, Rule},
    verification::Purpose,
};

use super::{MessageWriter, Requester, SealedMessage};
use crate::{ports::Failure, rate_limit};

/// The maximum number of messages of one sort to an e-mail address or a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageLimits {
    /// All rules must allow a message. Rules with a short window come first: a message that they deny is not counted
    /// by the others.
    pub rules: Vec<Rule>,
    /// How long the client's IP address stays known to the account after a sign-in.
    pub known_for: TimeDelta,
}

/// A key under which messages are counted, and how many it allows.
#[derive(Debug)]
pub(super) struct Limit {
    key: String,
    rule: Rule,
}

impl MessageWriter {
    /// Counts the message, and returns whether it may be queued. To be called before a unit of work begins. The caller
    /// must return the same response in either case.
    pub(crate) async fn is_within_limits(
        &self,
        message: &(impl AsRef<SealedMessage> + Sync),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        self.count(&message.as_ref().limits, now).await
    }

    /// Counts a message of this kind, which has no one-time token, before its content is known, and returns whether it may
    /// be queued.
    pub(crate) async fn may_send(
        &self,
        kind: MessageKind,
        (to, requester): (&EmailAddress, Requester),
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        self.count(&self.limits(kind, None, (to.as_str(), requester)), now)
            .await
    }

    async fn count(&self, limits: &[Limit], now: DateTime<Utc>) -> Result<bool, Failure> {
        for Limit { key, rule } in limits {
            let decision = self
                .store
                .autocommit()
                .rate_limits()
                .count(key, *rule, now)
                .await?;
            if let Decision::Denied(_) = decision {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the limits of a message. Messages with a one-time token are counted by its purpose: a stranger who wants
    /// to change to an address must not use up the budget with which its owner verifies it. Reports of a change have no
    /// limit.
    pub(super) fn limits(
        &self,
        kind: MessageKind,
        purpose: Option<Purpose>,
        (to, requester): (&str, Requester),
    ) -> Vec<Limit> {
        let Some(limits) = self.options.limits.as_ref().filter(|_| kind.is_limited()) else {
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
                key: rate_limit::key_of_recipient(to, &what, self.mac.as_ref()),
                rule: *rule,
            }
        };
        limits.rules.iter().map(limit).collect()
    }
}

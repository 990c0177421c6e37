//! Writing messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::MessageId,
    message::{Link, Message, MessageKind, Recipient},
    rate_limit::Rule,
    user::User,
    verification::Purpose,
};

use super::{Links, form};
use crate::{
    ports::{
        Bell, Cipher, Failure, Mac, Ports, Random, RandomExt, Repositories, SealPurpose, Sealed, UnitOfWork,
    },
    rate_limit,
};

/// What is told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageOptions {
    /// Where links lead.
    pub links: Links,
    /// Whether messages can be sent at all.
    pub is_sending: bool,
    /// Whether people are told that their password or their address was changed.
    pub has_notices: bool,
    /// How many messages of one sort an address gets that anybody can have sent; none: any number.
    pub most_to_one_address: Option<Rule>,
}

/// Writes messages. They are sent if and only if the unit of work is committed in which they are queued.
#[derive(Clone)]
pub(crate) struct Post {
    cipher: Arc<dyn Cipher>,
    pub(super) random: Arc<dyn Random>,
    mac: Arc<dyn Mac>,
    bell: Bell,
    pub(crate) options: MessageOptions,
}

/// What a message is to say.
pub(crate) struct Draft<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) to: &'a EmailAddress,
    pub(crate) user: &'a User,
    pub(crate) link: Option<Link>,
    /// What the secret in the link is for.
    pub(crate) purpose: Option<Purpose>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// A message that is written and sealed, but not yet queued.
#[derive(Debug)]
pub(crate) struct Letter {
    id: MessageId,
    sealed: Sealed,
    limit: Option<Limit>,
}

/// Under which key messages to an address are counted, and how many there may be.
#[derive(Debug)]
struct Limit {
    key: String,
    rule: Rule,
}

impl Post {
    pub(crate) fn new(ports: &Ports, options: MessageOptions) -> Self {
        Self {
            cipher: Arc::clone(&ports.cipher),
            random: Arc::clone(&ports.random),
            mac: Arc::clone(&ports.mac),
            bell: ports.bell.clone(),
            options,
        }
    }

    /// Writes a message.
    pub(crate) fn write(&self, draft: Draft<'_>, now: DateTime<Utc>) -> Letter {
        let message = Message {
            id: self.random.id(),
            kind: draft.kind,
            to: draft.to.clone(),
            link: draft.link,
            user: Recipient {
                id: draft.user.id.clone(),
                email: draft.to.clone(),
                name: draft.user.name.clone(),
            },
            created_at: now,
            expires_at: draft.expires_at,
        };
        let text = form::write(&message);
        Letter {
            sealed: self.cipher.seal(SealPurpose::Message, text.expose()),
            limit: self.limit(message.kind, draft.purpose, &message.to),
            id: message.id,
        }
    }

    /// How many such letters an address gets. Those with a secret are counted by what that is for: a stranger who wants
    /// an address must not use up what its owner has sent to prove it.
    fn limit(&self, kind: MessageKind, purpose: Option<Purpose>, to: &EmailAddress) -> Option<Limit> {
        let rule = self.options.most_to_one_address?;
        let sort = match purpose {
            Some(purpose) => format!("{purpose:?}"),
            None if kind.is_notice() => return None,
            None => kind.name().to_owned(),
        };
        let key = rate_limit::key_of(to, &format!("message|{sort}"), self.mac.as_ref());
        Some(Limit { key, rule })
    }

    /// Tells somebody at an address of what was done, where the deployment would have people be told.
    pub(crate) fn notice(
        &self,
        kind: MessageKind,
        user: &User,
        to: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Option<Letter> {
        let draft = Draft {
            kind,
            to,
            user,
            link: None,
            purpose: None,
            expires_at: None,
        };
        let is_wanted = self.options.is_sending && self.options.has_notices;
        is_wanted.then(|| self.write(draft, now))
    }

    /// Makes everything happen, and has sent what was queued.
    pub(crate) async fn commit(&self, unit: Box<dyn UnitOfWork>) -> Result<(), Failure> {
        unit.commit().await?;
        self.bell.ring();
        Ok(())
    }
}

impl Letter {
    /// Queues the message, unless its reader got too many of its kind of late: that is told to nobody.
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        if self.is_admitted(db, now).await? {
            self.put(db, now).await?;
        }
        Ok(())
    }

    /// Whether its reader has not got too many of its kind of late, counting this one.
    pub(super) async fn is_admitted(
        &self,
        db: &mut dyn Repositories,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let Some(Limit { key, rule }) = &self.limit else {
            return Ok(true);
        };
        Ok(db.rate_limits().admit(key, *rule, now).await?.is_none())
    }

    pub(super) async fn put(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        db.messages().queue(&self.id, &self.sealed, now).await
    }
}

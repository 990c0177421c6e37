//! Writing messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::MessageId,
    message::{Link, Message, MessageKind, Recipient},
    user::User,
    verification::Purpose,
};

use super::{Links, MessageLimits, Requester, form, limit::Limit};
use crate::ports::{
    Bell, Cipher, Failure, Mac, Ports, Random, RandomExt, Repositories, SealPurpose, Sealed, Store,
    UnitOfWork,
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
    /// How many messages of one sort an e-mail address receives. `None`: any number.
    pub limits: Option<MessageLimits>,
}

/// Writes messages. They are sent if and only if the unit of work is committed in which they are queued.
#[derive(Clone)]
pub(crate) struct Post {
    pub(super) store: Arc<dyn Store>,
    cipher: Arc<dyn Cipher>,
    pub(super) random: Arc<dyn Random>,
    pub(super) mac: Arc<dyn Mac>,
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
    /// Who causes the message to be sent.
    pub(crate) requester: Requester,
}

/// A message that is written and sealed, but not yet queued.
#[derive(Debug)]
pub(crate) struct Letter {
    id: MessageId,
    sealed: Sealed,
    pub(super) limits: Vec<Limit>,
}

impl AsRef<Self> for Letter {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Post {
    pub(crate) fn new(ports: &Ports, options: MessageOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
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
            limits: self.limits(message.kind, draft.purpose, (&message.to, draft.requester)),
            id: message.id,
        }
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
            requester: Requester::User,
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
    /// Queues the message. Messages with limits are counted before, by [`Post::admits`].
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        db.messages().queue(&self.id, &self.sealed, now).await
    }
}

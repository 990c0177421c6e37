//! Writing and queueing of messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::MessageId,
    message::{Content, Message, MessageKind, Recipient},
    user::User,
    verification::Purpose,
};

use super::{Links, MessageLimits, Requester, form, limit::Limit};
use crate::{
    code::CodeOptions,
    ports::{
        Cipher, Failure, Mac, Ports, QueueWakeup, Random, RandomExt, Repositories, SealPurpose, Sealed,
        Store, UnitOfWork,
    },
};

/// Options of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageOptions {
    /// The URLs of links.
    pub links: Links,
    /// Whether messages can be sent to e-mail addresses.
    pub is_sending: bool,
    /// Whether messages can be sent to phones.
    pub is_sending_to_phones: bool,
    /// Whether users are notified when their password or their e-mail address was changed.
    pub has_notices: bool,
    /// The codes with which users verify their addresses. `None`: they follow links.
    pub verification_codes: Option<CodeOptions>,
    /// The maximum number of messages of one sort to an e-mail address or a phone number. `None`: unlimited.
    pub limits: Option<MessageLimits>,
}

/// Writes messages. A message is sent if and only if the unit of work that queues it is committed.
#[derive(Clone)]
pub(crate) struct MessageWriter {
    pub(super) store: Arc<dyn Store>,
    cipher: Arc<dyn Cipher>,
    pub(super) random: Arc<dyn Random>,
    pub(super) mac: Arc<dyn Mac>,
    queue_wakeup: QueueWakeup,
    pub(crate) options: MessageOptions,
}

/// The content of a message.
pub(crate) struct MessageDraft<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) to: &'a EmailAddress,
    /// `None`: the address belongs to no user.
    pub(crate) user: Option<&'a User>,
    pub(crate) content: Content,
    /// The purpose of the one-time token in the link.
    pub(crate) purpose: Option<Purpose>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// Who causes the message.
    pub(crate) requester: Requester,
}

/// An encrypted message that is not yet queued.
#[derive(Debug)]
pub(crate) struct SealedMessage {
    id: MessageId,
    sealed: Sealed,
    pub(super) limits: Vec<Limit>,
}

impl AsRef<Self> for SealedMessage {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl MessageWriter {
    pub(crate) fn new(ports: &Ports, options: MessageOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            cipher: Arc::clone(&ports.cipher),
            random: Arc::clone(&ports.random),
            mac: Arc::clone(&ports.mac),
            queue_wakeup: ports.queue_wakeup.clone(),
            options,
        }
    }

    /// Writes a message.
    pub(crate) fn write(&self, draft: MessageDraft<'_>, now: DateTime<Utc>) -> SealedMessage {
        let message = Message {
            id: self.random.id(),
            kind: draft.kind,
            to: draft.to.clone().into(),
            content: draft.content,
            user: draft.user.map(|user| Recipient {
                id: user.id.clone(),
                email: draft.to.clone(),
                name: user.name.clone(),
            }),
            created_at: now,
            expires_at: draft.expires_at,
        };
        let limits = self.limits(message.kind, draft.purpose, (draft.to.as_str(), draft.requester));
        self.seal(message, limits)
    }

    pub(super) fn seal(&self, message: Message, limits: Vec<Limit>) -> SealedMessage {
        let text = form::write(&message);
        SealedMessage {
            sealed: self.cipher.seal(SealPurpose::Message, text.expose()),
            limits,
            id: message.id,
        }
    }

    /// Writes a notice of a change, or returns `None` if notices are off.
    pub(crate) fn notice(
        &self,
        kind: MessageKind,
        user: &User,
        to: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Option<SealedMessage> {
        let draft = MessageDraft {
            kind,
            to,
            user: Some(user),
            content: Content::Notice,
            purpose: None,
            expires_at: None,
            requester: Requester::User,
        };
        let is_wanted = self.options.is_sending && self.options.has_notices;
        is_wanted.then(|| self.write(draft, now))
    }

    /// Commits the unit and wakes the delivery worker.
    pub(crate) async fn commit(&self, unit: Box<dyn UnitOfWork>) -> Result<(), Failure> {
        unit.commit().await?;
        self.queue_wakeup.notify();
        Ok(())
    }
}

impl SealedMessage {
    /// Queues the message. Messages with limits must be counted before, by [`MessageWriter::is_within_limits`].
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        db.messages().queue(&self.id, &self.sealed, now).await
    }
}

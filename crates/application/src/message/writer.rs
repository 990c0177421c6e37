//! Writing of messages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    message::{Content, Message, MessageKind, Recipient},
    user::User,
    verification::Purpose,
};

use super::{MessageOptions, Requester, SealedMessage};
use crate::ports::{Cipher, Failure, Mac, Ports, QueueWakeup, Random, RandomExt, Store, UnitOfWork};

/// Writes messages. A message is sent if and only if the unit of work that queues it is committed.
#[derive(Clone)]
pub(crate) struct MessageWriter {
    pub(super) store: Arc<dyn Store>,
    pub(super) cipher: Arc<dyn Cipher>,
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

    /// Commits the unit and wakes the delivery worker.
    pub(crate) async fn commit(&self, unit: Box<dyn UnitOfWork>) -> Result<(), Failure> {
        unit.commit().await?;
        self.queue_wakeup.notify();
        Ok(())
    }
}

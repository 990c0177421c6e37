//! Encryption and queueing of messages.

use chrono::{DateTime, Utc};
use portcullis_domain::{id::MessageId, message::Message};

use super::{MessageWriter, form, limit::Limit};
use crate::ports::{Failure, Repositories, SealPurpose, Sealed};

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
    pub(super) fn seal(&self, message: Message, limits: Vec<Limit>) -> SealedMessage {
        let text = form::write(&message);
        SealedMessage {
            sealed: self.cipher.seal(SealPurpose::Message, text.expose()),
            limits,
            id: message.id,
        }
    }
}

impl SealedMessage {
    /// Queues the message. Messages with limits must be counted before, by [`MessageWriter::is_within_limits`].
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        db.messages().queue(&self.id, &self.sealed, now).await
    }
}

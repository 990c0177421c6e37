//! Messages to phones.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    destination::PhoneNumber,
    message::{Content, Message, MessageKind},
    secret::Secret,
};

use super::{MessageWriter, Requester, SealedMessage};
use crate::ports::RandomExt;

/// The content of a message that delivers a code to a phone. It names no user: the number may belong to another person
/// by now.
pub(crate) struct PhoneCodeDraft<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) to: &'a PhoneNumber,
    pub(crate) code: Secret<String>,
    pub(crate) expires_at: DateTime<Utc>,
    /// Who causes the message.
    pub(crate) requester: Requester,
}

impl MessageWriter {
    /// Writes a message that delivers a code to a phone.
    pub(crate) fn write_to_phone(&self, draft: PhoneCodeDraft<'_>, now: DateTime<Utc>) -> SealedMessage {
        let limits = self.limits(draft.kind, None, (draft.to.as_str(), draft.requester));
        let message = Message {
            id: self.random.id(),
            kind: draft.kind,
            to: draft.to.clone().into(),
            content: Content::Code(draft.code),
            user: None,
            created_at: now,
            expires_at: Some(draft.expires_at),
        };
        self.seal(message, limits)
    }
}

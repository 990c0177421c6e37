//! Messages with a one-time code.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    message::{Content, MessageKind},
    user::User,
};

use super::{MessageDraft, MessageWriter, Requester, SealedTokenMessage, token_message::Proof};
use crate::code::NewCode;

/// The content of a message with a one-time code.
pub(crate) struct CodeMessageDraft<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) to: &'a EmailAddress,
    /// `None`: the address belongs to no user.
    pub(crate) user: Option<&'a User>,
    pub(crate) code: NewCode,
    /// Who causes the message.
    pub(crate) requester: Requester,
}

impl MessageWriter {
    /// Writes a message with a one-time code.
    pub(crate) fn write_with_code(
        &self,
        draft: CodeMessageDraft<'_>,
        now: DateTime<Utc>,
    ) -> SealedTokenMessage {
        let NewCode { text, stored } = draft.code;
        let message = self.write(
            MessageDraft {
                kind: draft.kind,
                to: draft.to,
                user: draft.user,
                content: Content::Code(text),
                purpose: None,
                expires_at: Some(stored.expires_at),
                requester: draft.requester,
            },
            now,
        );
        SealedTokenMessage {
            message,
            proof: Proof::Code(stored),
        }
    }
}

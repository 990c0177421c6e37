//! Notices of changes.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    message::{Content, MessageKind},
    user::User,
};

use super::{MessageDraft, MessageWriter, Requester, SealedMessage};

impl MessageWriter {
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
}

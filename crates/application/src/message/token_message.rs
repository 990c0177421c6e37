//! Messages with a one-time token or a one-time code.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::OneTimeCode,
    email::EmailAddress,
    message::{Content, Link, MessageKind},
    token::OneTimeToken,
    user::User,
    verification::{Purpose, Verification},
};

use super::{MessageDraft, MessageWriter, Requester, SealedMessage};
use crate::{
    code::NewCode,
    ports::{Failure, RandomExt, Repositories},
};

/// The content of a message with a one-time token.
pub(crate) struct TokenMessageDraft<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) secret: OneTimeToken,
    pub(crate) kind: MessageKind,
    pub(crate) to: &'a EmailAddress,
    pub(crate) user: &'a User,
    pub(crate) link: Link,
    pub(crate) expires_at: DateTime<Utc>,
    /// Who causes the message.
    pub(crate) requester: Requester,
}

/// A message, and the row of its one-time token or its code.
pub(crate) struct SealedTokenMessage {
    message: SealedMessage,
    proof: Proof,
}

/// What the recipient presents to prove that the message was received.
enum Proof {
    Token(Verification),
    Code(OneTimeCode),
}

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
    /// Writes a message with a one-time token.
    pub(crate) fn write_with_token(
        &self,
        draft: TokenMessageDraft<'_>,
        now: DateTime<Utc>,
    ) -> SealedTokenMessage {
        let message = self.write(
            MessageDraft {
                kind: draft.kind,
                to: draft.to,
                user: Some(draft.user),
                content: Content::Link(draft.link),
                purpose: Some(draft.purpose),
                expires_at: Some(draft.expires_at),
                requester: draft.requester,
            },
            now,
        );
        let verification = Verification {
            id: self.random.id(),
            purpose: draft.purpose,
            secret: draft.secret,
            user_id: draft.user.id.clone(),
            expires_at: draft.expires_at,
            created_at: now,
        };
        SealedTokenMessage {
            message,
            proof: Proof::Token(verification),
        }
    }

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

impl SealedTokenMessage {
    /// Stores the token or the code, and queues the message. Messages must be counted before, by
    /// [`MessageWriter::is_within_limits`].
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        self.store_proof(db).await?;
        self.message.queue(db, now).await
    }

    /// Stores the token or the code, and queues no message: the recipient must not receive it, and a client must not
    /// learn that.
    pub(crate) async fn store_proof(&self, db: &mut dyn Repositories) -> Result<(), Failure> {
        match &self.proof {
            Proof::Token(verification) => db.verifications().insert(verification).await,
            Proof::Code(code) => db.codes().replace(code).await,
        }
    }
}

impl AsRef<SealedMessage> for SealedTokenMessage {
    fn as_ref(&self) -> &SealedMessage {
        &self.message
    }
}

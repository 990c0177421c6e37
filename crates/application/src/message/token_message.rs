//! Messages with a one-time token, and storage of what the recipient presents.

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
use crate::ports::{Failure, RandomExt, Repositories};

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
    pub(super) message: SealedMessage,
    pub(super) proof: Proof,
}

/// What the recipient presents to prove that the message was received.
pub(super) enum Proof {
    Token(Verification),
    Code(OneTimeCode),
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

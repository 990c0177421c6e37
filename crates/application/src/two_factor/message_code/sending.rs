//! Sending of codes by message.

use chrono::{DateTime, Utc};
use portcullis_domain::message::{Content, MessageKind};

use super::MessageCodes;
use crate::{
    context::RequestContext,
    message::{MessageDraft, Requester},
    ports::Failure,
    session::StrictCaller,
    two_factor::{TwoFactorError, subject::Subject},
};

impl MessageCodes {
    /// Sends the user a code, which replaces every older one of the same challenge or session. If the address has received
    /// too many messages, none is sent, and older codes stay valid.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::MessagesDisabled`], before the session or the challenge is looked at.
    pub async fn send(
        &self,
        by: Option<&StrictCaller>,
        context: &RequestContext,
    ) -> Result<(), TwoFactorError> {
        if !self.options.is_sending {
            return Err(TwoFactorError::MessagesDisabled);
        }
        let subject = self.subjects.find(by, context).await?;
        let user = subject.user();
        let now = self.subjects.clock.now();
        let new = self.codes.create(subject.code_key(), now);
        let draft = MessageDraft {
            kind: MessageKind::TwoFactorOtp,
            to: &user.email,
            user: Some(user),
            content: Content::Code(new.text),
            purpose: None,
            expires_at: Some(new.stored.expires_at),
            requester: self.requester(&subject, context, now).await?,
        };
        let message = self.writer.write(draft, now);
        if self.writer.is_within_limits(&message, now).await? {
            let mut unit = self.subjects.store.begin();
            unit.users().lock(&user.id).await?;
            unit.codes().replace(&new.stored).await?;
            message.queue(unit.as_mut(), now).await?;
            self.writer.commit(unit).await?;
        }
        Ok(())
    }

    /// The client of a challenge knows only the password, so it must not use up the budget of messages of the user.
    async fn requester(
        &self,
        subject: &Subject<'_>,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Requester, Failure> {
        match subject {
            Subject::Caller(_) => Ok(Requester::User),
            Subject::Challenged { user, .. } => self.writer.requester(&user.email, context, now).await,
        }
    }
}

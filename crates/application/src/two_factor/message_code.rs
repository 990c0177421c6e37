//! Codes that messages deliver.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::message::{Content, MessageKind};

use super::{
    MessageCodeOptions, TwoFactorError,
    attempts::{self, Attempts},
    finish::{Finish, Presented, Verified},
    subject::{Subject, Subjects},
};
use crate::{
    code::{CodeError, Codes},
    context::RequestContext,
    message::{MessageDraft, MessageOptions, MessageWriter, Requester},
    ports::{Failure, Ports},
    session::StrictCaller,
};

/// Sends codes by message, and checks them.
pub struct MessageCodes {
    subjects: Arc<Subjects>,
    attempts: Arc<Attempts>,
    finish: Arc<Finish>,
    codes: Codes,
    writer: MessageWriter,
    options: MessageCodeOptions,
}

impl MessageCodes {
    pub(super) fn new(
        ports: &Ports,
        (subjects, attempts, finish): (Arc<Subjects>, Arc<Attempts>, Arc<Finish>),
        (options, messages): (MessageCodeOptions, MessageOptions),
    ) -> Self {
        Self {
            subjects,
            attempts,
            finish,
            codes: Codes::new(ports, options.codes),
            writer: MessageWriter::new(ports, messages),
            options,
        }
    }

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

    /// Verifies a code. Of several concurrent requests with one code, one succeeds.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::CodeExpired`] if no code was sent, [`TwoFactorError::TooManyCodeAttempts`] after too many wrong
    /// guesses, also for the right code.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        code: &str,
        presented: Presented,
        context: &RequestContext,
    ) -> Result<Verified, TwoFactorError> {
        let subject = self.subjects.find(by, context).await?;
        let (key, now) = (subject.code_key(), self.subjects.clock.now());
        let stored = self.codes.count(&key, now).await.map_err(rejected)?;
        self.attempts.count(subject.user(), now).await?;
        if !self.codes.is_right(&stored, code)? {
            return Err(TwoFactorError::InvalidCode);
        }
        self.refuse_without_enrolment(&subject).await?;

        let (mut unit, user) = self.subjects.begin(&subject, now).await?;
        if !unit.codes().consume(&key, &stored).await? {
            return Err(TwoFactorError::InvalidCode);
        }
        attempts::reset(unit.as_mut(), &user).await?;
        let verified = self
            .finish
            .finish(unit.as_mut(), (&subject, user), (presented, context), now)
            .await?;
        unit.commit().await?;
        Ok(verified)
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

    /// A code by message confirms an enrolment only if there is one: otherwise sign-in would ask for a second factor that
    /// the user has no backup codes for.
    async fn refuse_without_enrolment(&self, subject: &Subject<'_>) -> Result<(), TwoFactorError> {
        let Subject::Caller(by) = subject else {
            return Ok(());
        };
        let id = &by.user().id;
        let found = self.subjects.store.autocommit().two_factors().find(id).await?;
        found.map(|_enrolled| ()).ok_or(TwoFactorError::TotpNotEnabled)
    }
}

fn rejected(error: CodeError) -> TwoFactorError {
    match error {
        CodeError::Missing | CodeError::Expired => TwoFactorError::CodeExpired,
        CodeError::TooManyForCode => TwoFactorError::TooManyCodeAttempts,
        CodeError::TooManyForRecipient(denied) => TwoFactorError::TooManyAttempts(denied),
        CodeError::Wrong => TwoFactorError::InvalidCode,
        CodeError::Failure(failure) => TwoFactorError::Failure(failure),
    }
}

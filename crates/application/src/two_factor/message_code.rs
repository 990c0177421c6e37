//! Codes that messages deliver.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::{Attempt, OneTimeCode},
    message::{Content, MessageKind},
    secret::Secret,
};

use super::{
    MessageCodeOptions, TwoFactorError,
    attempts::{self, Attempts},
    finish::{Finish, Presented, Verified},
    storage::CodeForms,
    subject::{Subject, Subjects},
};
use crate::{
    context::RequestContext,
    message::{MessageDraft, MessageOptions, MessageWriter, Requester},
    ports::{Failure, Ports, Random, RandomExt},
    session::StrictCaller,
};

/// Sends codes by message, and checks them.
pub struct MessageCodes {
    subjects: Arc<Subjects>,
    attempts: Arc<Attempts>,
    finish: Arc<Finish>,
    random: Arc<dyn Random>,
    forms: CodeForms,
    writer: MessageWriter,
    options: MessageCodeOptions,
}

impl MessageCodes {
    pub(super) fn new(
        ports: &Ports,
        (subjects, attempts, finish): (Arc<Subjects>, Arc<Attempts>, Arc<Finish>),
        forms: CodeForms,
        (options, messages): (MessageCodeOptions, MessageOptions),
    ) -> Self {
        Self {
            subjects,
            attempts,
            finish,
            random: Arc::clone(&ports.random),
            forms,
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
        let expires_at = now + self.options.lifetime;
        let code = self.random.digits(self.options.digits);
        let stored = OneTimeCode {
            id: self.random.id(),
            key: subject.code_key(),
            stored: self.forms.store(self.options.storage, &code),
            expires_at,
            created_at: now,
        };
        let draft = MessageDraft {
            kind: MessageKind::TwoFactorOtp,
            to: &user.email,
            user: Some(user),
            content: Content::Code(Secret::new(code)),
            purpose: None,
            expires_at: Some(expires_at),
            requester: self.requester(&subject, context, now).await?,
        };
        let message = self.writer.write(draft, now);
        if self.writer.is_within_limits(&message, now).await? {
            let mut unit = self.subjects.store.begin();
            unit.users().lock(&user.id).await?;
            unit.codes().replace(&stored).await?;
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
        let mut db = self.subjects.store.autocommit();
        let allowed = self.options.allowed_attempts;
        let stored = match db.codes().count_attempt(&key, allowed, now).await? {
            Attempt::Allowed(stored) => stored,
            Attempt::TooMany => return Err(TwoFactorError::TooManyCodeAttempts),
            Attempt::Missing => return Err(TwoFactorError::CodeExpired),
        };
        drop(db);
        self.attempts.count(subject.user(), now).await?;
        if !self.forms.matches(self.options.storage, &stored, code)? {
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

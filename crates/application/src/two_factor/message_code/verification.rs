//! Verification of codes that messages have delivered.

use super::MessageCodes;
use crate::{
    code::CodeError,
    context::RequestContext,
    session::StrictCaller,
    two_factor::{Presented, TwoFactorError, Verified, subject::Subject},
};

impl MessageCodes {
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
        self.finish
            .finish(unit, (&subject, user), (presented, context), now)
            .await
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

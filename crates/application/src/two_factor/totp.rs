//! Codes of authenticator apps.

use std::sync::Arc;

use portcullis_domain::{password::Password, secret::Secret, two_factor::TotpPolicy};

use super::{
    TwoFactorError,
    attempts::Attempts,
    finish::{Finish, Presented, Verified},
    subject::Subjects,
};
use crate::{
    context::RequestContext,
    credential::Credentials,
    ports::{Cipher, Failure, SealPurpose, Sealed, TwoFactorCodes},
    session::StrictCaller,
};

/// Checks codes of authenticator apps.
pub struct TotpCodes {
    pub(super) subjects: Arc<Subjects>,
    pub(super) attempts: Arc<Attempts>,
    pub(super) finish: Arc<Finish>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) cipher: Arc<dyn Cipher>,
    pub(super) codes: Arc<dyn TwoFactorCodes>,
    pub(super) policy: Option<TotpPolicy>,
    pub(super) issuer: String,
}

impl TotpCodes {
    /// Returns the URI by which an authenticator app learns the caller's secret.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::TotpNotEnabled`] for a caller who has not enrolled, before the password is checked.
    pub async fn uri(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<Secret<String>, TwoFactorError> {
        let policy = self.policy.ok_or(TwoFactorError::TotpDisabled)?;
        let mut db = self.subjects.store.autocommit();
        let found = db.two_factors().find(&by.user().id).await?;
        let found = found.ok_or(TwoFactorError::TotpNotEnabled)?;
        self.credentials.prove(by, password, context).await?;
        let secret = self.open(&found.secret)?;
        Ok(self
            .codes
            .uri(&secret, policy, &self.issuer, by.user().email.as_str()))
    }

    /// Verifies a code. Each code is accepted once, and no code that is older than an accepted one.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::InvalidCode`] for a wrong code and for one that was used before.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        code: &str,
        presented: Presented,
        context: &RequestContext,
    ) -> Result<Verified, TwoFactorError> {
        let policy = self.policy.ok_or(TwoFactorError::TotpDisabled)?;
        let subject = self.subjects.find(by, context).await?;
        let id = &subject.user().id;
        let found = self.subjects.store.autocommit().two_factors().find(id).await?;
        let found = found.ok_or(TwoFactorError::TotpNotEnabled)?;
        let secret = self.open(&found.secret)?;

        let now = self.subjects.clock.now();
        self.attempts.count(subject.user(), now).await?;
        let step = self.codes.matching_step(&secret, policy, code, now);
        let step = step.ok_or(TwoFactorError::InvalidCode)?;

        let (mut unit, user) = self.subjects.begin(&subject, now).await?;
        let two_factors = unit.two_factors();
        // The step belongs to the secret that was read before the user was locked.
        let stored = two_factors.find(&user.id).await?;
        let is_current = stored.is_some_and(|stored| stored.id == found.id);
        if !is_current || !two_factors.advance(&user.id, step).await? {
            return Err(TwoFactorError::InvalidCode);
        }
        self.finish
            .finish(unit, (&subject, user), (presented, context), now)
            .await
    }

    fn open(&self, sealed: &Secret<String>) -> Result<Secret<String>, Failure> {
        let sealed = Sealed(sealed.expose().clone());
        Ok(self.cipher.open(SealPurpose::TwoFactor, &sealed)?.text)
    }
}

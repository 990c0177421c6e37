//! Backup codes.

use std::sync::Arc;

use portcullis_domain::{
    password::Password,
    two_factor::{self, BackupCodes},
    user::User,
};

use super::{
    BackupCodeOptions, TwoFactorError,
    attempts::{self, Attempts},
    finish::{Finish, Presented, Verified, unchanged},
    storage::BackupForms,
    subject::{Subject, Subjects},
};
use crate::{
    context::RequestContext,
    credential::Credentials,
    ports::{Random, RandomExt},
    session::StrictCaller,
};

/// Checks and issues backup codes.
pub struct BackupCodeService {
    pub(super) subjects: Arc<Subjects>,
    pub(super) attempts: Arc<Attempts>,
    pub(super) finish: Arc<Finish>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) random: Arc<dyn Random>,
    pub(super) forms: BackupForms,
    pub(super) options: BackupCodeOptions,
}

/// The result of a right backup code.
#[derive(Debug)]
pub enum BackupCodeUse {
    /// The user is signed in.
    Verified(Box<Verified>),
    /// The client asked for no session; its challenge stays valid.
    WithoutSession(Box<User>),
}

impl BackupCodeService {
    /// Consumes a backup code. Of several concurrent requests with one code, one succeeds.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::InvalidBackupCode`] for a wrong code and for one that was used before.
    pub async fn verify(
        &self,
        by: Option<&StrictCaller>,
        code: &str,
        (presented, starts_session): (Presented, bool),
        context: &RequestContext,
    ) -> Result<BackupCodeUse, TwoFactorError> {
        let subject = self.subjects.find(by, context).await?;
        let id = &subject.user().id;
        let found = self.subjects.store.autocommit().two_factors().find(id).await?;
        let found = found.ok_or(TwoFactorError::BackupCodesNotEnabled)?;

        let now = self.subjects.clock.now();
        self.attempts.count(subject.user(), now).await?;
        let codes = self.forms.read(&found.backup_codes);
        let left = codes.and_then(|codes| codes.without(code));
        let left = left.ok_or(TwoFactorError::InvalidBackupCode)?;
        let left = self.forms.store(self.options, &left);

        if !starts_session {
            let mut db = self.subjects.store.autocommit();
            let is_swapped = db
                .two_factors()
                .swap_backup_codes(&found.id, &found.backup_codes, &left)
                .await?;
            return if is_swapped {
                attempts::reset(db.as_mut(), subject.user()).await?;
                Ok(BackupCodeUse::WithoutSession(Box::new(subject.user().clone())))
            } else {
                Err(TwoFactorError::BackupCodesChanged)
            };
        }
        let (mut unit, user) = self.subjects.begin(&subject, now).await?;
        let is_swapped = unit
            .two_factors()
            .swap_backup_codes(&found.id, &found.backup_codes, &left)
            .await?;
        if !is_swapped {
            return Err(TwoFactorError::BackupCodesChanged);
        }
        attempts::reset(unit.as_mut(), &user).await?;
        let verified = match &subject {
            // A backup code confirms no enrolment: it does not show that the authenticator app works.
            Subject::Caller(by) => unchanged(by, user),
            Subject::Challenged { .. } => {
                self.finish
                    .finish(unit.as_mut(), (&subject, user), (presented, context), now)
                    .await?
            }
        };
        unit.commit().await?;
        Ok(BackupCodeUse::Verified(Box::new(verified)))
    }

    /// Replaces the caller's backup codes, and returns the new ones.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::NotEnabled`] for a caller without a second factor, before the password is checked.
    pub async fn renew(
        &self,
        by: &StrictCaller,
        password: &Password,
        context: &RequestContext,
    ) -> Result<BackupCodes, TwoFactorError> {
        if !two_factor::is_enabled(by.user()) {
            return Err(TwoFactorError::NotEnabled);
        }
        self.credentials.prove(by, password, context).await?;
        let codes = self.new_codes();
        let stored = self.forms.store(self.options, &codes);

        let unit = by.begin(self.subjects.store.as_ref()).await?;
        let mut unit = unit.ok_or(TwoFactorError::SessionEnded)?;
        let found = unit.two_factors().find(&by.user().id).await?;
        let found = found.ok_or(TwoFactorError::NotEnabled)?;
        let is_swapped = unit
            .two_factors()
            .swap_backup_codes(&found.id, &found.backup_codes, &stored)
            .await?;
        if !is_swapped {
            return Err(TwoFactorError::BackupCodesChanged);
        }
        unit.commit().await?;
        Ok(codes)
    }

    pub(super) fn new_codes(&self) -> BackupCodes {
        let BackupCodeOptions { amount, length, .. } = self.options;
        BackupCodes::from_random((0..amount).map(|_| self.random.text(length)))
    }
}

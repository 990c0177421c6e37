//! Use of backup codes.

use super::{BackupCodeService, BackupCodeUse};
use crate::{
    context::RequestContext,
    session::StrictCaller,
    two_factor::{Presented, TwoFactorError, attempts, finish::unchanged, subject::Subject},
};

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
        let verified = if let Subject::Caller(by) = &subject {
            // A backup code confirms no enrolment: it does not show that the authenticator app works.
            attempts::reset(unit.as_mut(), &user).await?;
            unit.commit().await?;
            unchanged(by, user)
        } else {
            self.finish
                .finish(unit, (&subject, user), (presented, context), now)
                .await?
        };
        Ok(BackupCodeUse::Verified(Box::new(verified)))
    }
}

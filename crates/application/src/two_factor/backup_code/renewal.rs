//! Renewal of backup codes.

use portcullis_domain::{
    password::Password,
    two_factor::{self, BackupCodes},
};

use super::BackupCodeService;
use crate::{context::RequestContext, session::StrictCaller, two_factor::TwoFactorError};

impl BackupCodeService {
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
}

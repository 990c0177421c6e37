//! Enabling and disabling the second factor of a user.

mod disable;
mod enable;

use std::sync::Arc;

use portcullis_domain::{secret::Secret, two_factor::BackupCodes};

use super::{
    TwoFactorError, TwoFactorOptions, backup_code::BackupCodeService, finish::Finish, subject::Subjects,
};
use crate::{
    client_token::ClientEffects,
    credential::Credentials,
    ports::{Cipher, Random, TwoFactorCodes, UnitOfWork},
    session::StrictCaller,
};

/// A new second factor, which the user sees once.
#[derive(Debug)]
pub struct Enrolled {
    /// The URI by which an authenticator app learns the secret.
    pub uri: Secret<String>,
    /// The backup codes.
    pub backup_codes: BackupCodes,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

/// Enables and disables second factors.
pub struct Enrolment {
    pub(super) subjects: Arc<Subjects>,
    pub(super) finish: Arc<Finish>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) backup_codes: Arc<BackupCodeService>,
    pub(super) random: Arc<dyn Random>,
    pub(super) cipher: Arc<dyn Cipher>,
    pub(super) codes: Arc<dyn TwoFactorCodes>,
    pub(super) options: TwoFactorOptions,
}

impl Enrolment {
    async fn begin(&self, by: &StrictCaller) -> Result<Box<dyn UnitOfWork>, TwoFactorError> {
        let unit = by.begin(self.subjects.store.as_ref()).await?;
        unit.ok_or(TwoFactorError::SessionEnded)
    }
}

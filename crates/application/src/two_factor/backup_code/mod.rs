//! Backup codes.

mod renewal;
mod verification;

use std::sync::Arc;

use portcullis_domain::{two_factor::BackupCodes, user::User};

use super::{
    BackupCodeOptions,
    attempts::Attempts,
    finish::{Finish, Verified},
    storage::BackupForms,
    subject::Subjects,
};
use crate::{
    credential::Credentials,
    ports::{Random, RandomExt},
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
    pub(super) fn new_codes(&self) -> BackupCodes {
        let BackupCodeOptions { amount, length, .. } = self.options;
        BackupCodes::from_random((0..amount).map(|_| self.random.text(length)))
    }
}

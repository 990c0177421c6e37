//! The forms in which backup codes are stored.

use std::sync::Arc;

use portcullis_domain::{secret::Secret, two_factor::BackupCodes};

use super::BackupCodeOptions;
use crate::ports::{Cipher, SealPurpose, Sealed};

/// Writes and reads stored backup codes.
#[derive(Clone)]
pub(super) struct BackupForms {
    pub(super) cipher: Arc<dyn Cipher>,
}

impl BackupForms {
    /// Returns the form in which backup codes are stored.
    pub(super) fn store(&self, options: BackupCodeOptions, codes: &BackupCodes) -> Secret<String> {
        let json = codes.to_json();
        if options.is_encrypted {
            Secret::new(self.cipher.seal(SealPurpose::TwoFactor, json.expose()).0)
        } else {
            json
        }
    }

    /// Returns stored backup codes, in whichever form they are stored: the configured form may have changed since, and a
    /// JSON array is not a ciphertext. `None`: they cannot be read.
    pub(super) fn read(&self, stored: &Secret<String>) -> Option<BackupCodes> {
        BackupCodes::parse(stored.expose()).or_else(|| {
            let sealed = Sealed(stored.expose().clone());
            let opened = self.cipher.open(SealPurpose::TwoFactor, &sealed).ok()?;
            BackupCodes::parse(opened.text.expose())
        })
    }
}

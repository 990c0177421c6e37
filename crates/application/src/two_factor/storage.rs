//! The forms in which codes are stored.

use std::sync::Arc;

use portcullis_domain::{code::StoredCode, secret::Secret, two_factor::BackupCodes};

use super::{BackupCodeOptions, CodeStorage};
use crate::ports::{Cipher, Failure, SealPurpose, Sealed, TwoFactorCodes};

/// Writes and reads stored codes.
#[derive(Clone)]
pub(super) struct CodeForms {
    pub(super) cipher: Arc<dyn Cipher>,
    pub(super) codes: Arc<dyn TwoFactorCodes>,
}

impl CodeForms {
    /// Returns the form in which a code is stored.
    pub(super) fn store(&self, storage: CodeStorage, code: &str) -> StoredCode {
        StoredCode::new(match storage {
            CodeStorage::Plain => code.to_owned(),
            CodeStorage::Hashed => self.codes.digest(code),
            CodeStorage::Encrypted => self.cipher.seal(SealPurpose::TwoFactor, code).0,
        })
    }

    /// Returns whether the stored code is this one, in constant time.
    ///
    /// # Errors
    ///
    /// If an encrypted code cannot be decrypted.
    pub(super) fn matches(
        &self,
        storage: CodeStorage,
        stored: &StoredCode,
        code: &str,
    ) -> Result<bool, Failure> {
        Ok(match storage {
            CodeStorage::Plain => Secret::new(stored.expose().clone()).matches(code),
            CodeStorage::Hashed => Secret::new(stored.expose().clone()).matches(&self.codes.digest(code)),
            CodeStorage::Encrypted => {
                let sealed = Sealed(stored.expose().clone());
                self.cipher
                    .open(SealPurpose::TwoFactor, &sealed)?
                    .text
                    .matches(code)
            }
        })
    }

    /// Returns the form in which backup codes are stored.
    pub(super) fn store_backup(&self, options: BackupCodeOptions, codes: &BackupCodes) -> Secret<String> {
        let json = codes.to_json();
        if options.is_encrypted {
            Secret::new(self.cipher.seal(SealPurpose::TwoFactor, json.expose()).0)
        } else {
            json
        }
    }

    /// Returns stored backup codes, in whichever form they are stored: the configured form may have changed since, and a
    /// JSON array is no ciphertext. `None`: they cannot be read.
    pub(super) fn read_backup(&self, stored: &Secret<String>) -> Option<BackupCodes> {
        BackupCodes::parse(stored.expose()).or_else(|| {
            let sealed = Sealed(stored.expose().clone());
            let opened = self.cipher.open(SealPurpose::TwoFactor, &sealed).ok()?;
            BackupCodes::parse(opened.text.expose())
        })
    }
}

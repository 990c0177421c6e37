//! The forms in which codes are stored.

use std::sync::Arc;

use portcullis_domain::{code::StoredCode, secret::Secret};

use crate::ports::{Cipher, CodeDigests, Failure, Ports, SealPurpose, Sealed};

/// How a code is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeStorage {
    /// As it is.
    Plain,
    /// As its SHA-256.
    Hashed,
    /// Encrypted with the deployment's secret.
    Encrypted,
}

/// Writes and reads stored codes, in Better Auth's forms.
#[derive(Clone)]
pub(super) struct CodeForms {
    cipher: Arc<dyn Cipher>,
    digests: Arc<dyn CodeDigests>,
}

impl CodeForms {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            cipher: Arc::clone(&ports.cipher),
            digests: Arc::clone(&ports.code_digests),
        }
    }

    /// Returns the form in which a code is stored.
    pub(super) fn store(&self, storage: CodeStorage, code: &str) -> StoredCode {
        StoredCode::new(match storage {
            CodeStorage::Plain => code.to_owned(),
            CodeStorage::Hashed => self.digests.digest(code),
            CodeStorage::Encrypted => self.cipher.seal(SealPurpose::Code, code).0,
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
            CodeStorage::Hashed => Secret::new(stored.expose().clone()).matches(&self.digests.digest(code)),
            CodeStorage::Encrypted => {
                let sealed = Sealed(stored.expose().clone());
                self.cipher.open(SealPurpose::Code, &sealed)?.text.matches(code)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakePorts, FakeStore};

    const FORMS: [CodeStorage; 3] = [CodeStorage::Plain, CodeStorage::Hashed, CodeStorage::Encrypted];

    fn forms() -> CodeForms {
        CodeForms::new(&FakePorts::with_store(FakeStore::default()).ports)
    }

    #[test]
    fn each_form_is_stored_as_configured_and_matches_its_code_only() {
        for (storage, text) in [
            (CodeStorage::Plain, "123456"),
            (CodeStorage::Hashed, "digest:123456"),
            (CodeStorage::Encrypted, "Code:123456"),
        ] {
            let stored = forms().store(storage, "123456");
            assert_eq!(stored.expose(), text);
            let matches = |code| forms().matches(storage, &stored, code).unwrap();
            assert!(matches("123456"));
            for wrong in [
                "",
                "12345",
                "1234567",
                "123457",
                text.trim_start_matches("123456"),
            ] {
                assert!(!matches(wrong), "{storage:?} {wrong}");
            }
        }
    }

    #[test]
    fn the_stored_form_itself_is_no_code_unless_codes_are_plain() {
        for storage in FORMS {
            let stored = forms().store(storage, "123456");
            let is_code = forms().matches(storage, &stored, stored.expose()).unwrap();
            assert_eq!(is_code, storage == CodeStorage::Plain);
        }
    }

    #[test]
    fn an_encrypted_code_that_cannot_be_decrypted_is_a_failure() {
        for stored in ["123456", "Message:123456", ""] {
            let matches = forms().matches(CodeStorage::Encrypted, &StoredCode::new(stored), "123456");
            assert!(matches.is_err(), "{stored}");
        }
    }

    #[test]
    fn a_code_that_was_encrypted_with_an_older_secret_matches() {
        let stored = StoredCode::new("stale:123456");
        let matches = forms().matches(CodeStorage::Encrypted, &stored, "123456");
        assert!(matches.unwrap());
    }
}

//! One-time codes: how they are made, stored, and guessed a limited number of times.

mod attempts;
mod error;
mod forms;
mod recipient;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    code::{Attempt, CodeKey, OneTimeCode, StoredCode},
    secret::Secret,
};

use self::forms::CodeForms;
pub(crate) use self::recipient::RecipientCodes;
pub use self::{error::CodeError, forms::CodeStorage};
use crate::{
    clock_check::ClockCheck,
    ports::{Failure, Ports, Random, RandomExt, Store},
};

/// Options of one-time codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeOptions {
    /// How long a code is valid.
    pub lifetime: TimeDelta,
    /// Digits of a code.
    pub digits: u32,
    /// Attempts to guess one code.
    pub allowed_attempts: u32,
    /// How codes are stored.
    pub storage: CodeStorage,
}

/// A new code.
pub(crate) struct NewCode {
    /// The digits, to be sent to the user.
    pub(crate) text: Secret<String>,
    /// What is stored.
    pub(crate) stored: OneTimeCode,
}

/// Makes codes, and counts the attempts to guess each.
#[derive(Clone)]
pub(crate) struct Codes {
    store: Arc<dyn Store>,
    random: Arc<dyn Random>,
    clock_check: ClockCheck,
    forms: CodeForms,
    options: CodeOptions,
}

impl Codes {
    pub(crate) fn new(ports: &Ports, options: CodeOptions) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            random: Arc::clone(&ports.random),
            clock_check: ports.clock_check.clone(),
            forms: CodeForms::new(ports),
            options,
        }
    }

    /// Returns a new code. The caller stores it with [`CodeRepository::replace`](crate::ports::CodeRepository::replace).
    pub(crate) fn create(&self, key: CodeKey, now: DateTime<Utc>) -> NewCode {
        let text = self.random.digits(self.options.digits);
        let stored = OneTimeCode {
            id: self.random.id(),
            key,
            stored: self.forms.store(self.options.storage, &text),
            expires_at: now + self.options.lifetime,
            created_at: now,
        };
        NewCode {
            text: Secret::new(text),
            stored,
        }
    }

    /// Counts an attempt to guess the code of the key, before the guess is compared, so that concurrent attempts are all
    /// counted. Not to be called in a unit of work.
    ///
    /// # Errors
    ///
    /// [`CodeError`] if there is no code that may be guessed.
    pub(crate) async fn count(&self, key: &CodeKey, now: DateTime<Utc>) -> Result<StoredCode, CodeError> {
        let allowed = self.options.allowed_attempts;
        let attempt = self
            .store
            .autocommit()
            .codes()
            .count_attempt(key, allowed, now)
            .await?;
        match attempt {
            Attempt::Allowed(stored) => Ok(stored),
            Attempt::TooMany => Err(CodeError::TooManyForCode),
            Attempt::Missing => Err(CodeError::Missing),
            Attempt::Expired => {
                self.clock_check.confirm().await?;
                Err(CodeError::Expired)
            }
        }
    }

    /// Returns whether the guess is the stored code, in constant time.
    ///
    /// # Errors
    ///
    /// If an encrypted code cannot be decrypted.
    pub(crate) fn is_right(&self, stored: &StoredCode, guess: &str) -> Result<bool, Failure> {
        self.forms.matches(self.options.storage, stored, guess)
    }
}

//! Storage of one-time codes.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::code::{Attempt, CodeKey, OneTimeCode, StoredCode};

use super::Failure;

/// One-time codes that were issued.
///
/// The user's codes of second factors are deleted by [`VerificationRepository::revoke`](super::VerificationRepository),
/// at every event, and the codes of the user's address at the events that end them.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait CodeRepository: Send {
    /// Stores a code, and deletes the older codes of its key.
    async fn replace(&mut self, code: &OneTimeCode) -> Result<(), Failure>;

    /// Counts an attempt to guess the newest code of the key, and returns the code if at most `allowed` attempts were
    /// made, this one included: of several concurrent callers only `allowed` receive it. If more were made, the
    /// code counts as deleted, but a caller who received it before can still consume it: of many concurrent requests with
    /// the right code, those beyond `allowed` must not end it.
    ///
    /// To be called outside of a unit of work: an attempt that is rolled back is not counted.
    async fn count_attempt(
        &mut self,
        key: &CodeKey,
        allowed: u32,
        now: DateTime<Utc>,
    ) -> Result<Attempt, Failure>;

    /// Deletes all codes of the key if `stored` is one of them. Returns whether it was: of several concurrent callers
    /// only one receives `true`, and none after the code was replaced.
    async fn consume(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<bool, Failure>;

    /// Takes back one attempt to guess the code `stored` of the key, since the guess was right. Does nothing if the code
    /// was replaced or deleted.
    async fn restore_attempt(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<(), Failure>;
}

/// Makes the form in which codes are stored if the deployment stores them hashed.
pub trait CodeDigests: Send + Sync {
    /// Returns the digest of a code, in Better Auth's form.
    fn digest(&self, code: &str) -> String;
}

//! Hashing of passwords.

use async_trait::async_trait;
use portcullis_domain::password::{Password, PasswordHash};

use super::Failure;

/// The result of comparing a password with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The password matches.
    Match,
    /// The password matches, but the hash is in a form that should be replaced.
    MatchButStale,
    /// The password does not match.
    Mismatch,
    /// The hash was not computed: no password matches it.
    Unverifiable(Unverifiable),
}

/// Why no password matches a stored hash. The user must reset the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unverifiable {
    /// The form is unknown, or the text is not complete.
    #[error("unknown form")]
    UnknownForm,
    /// The work that the hash asks for exceeds a limit.
    #[error("cost above the limit")]
    ExcessiveCost,
    /// The form needs parameters that are not configured.
    #[error("parameters not configured")]
    MissingParameters,
}

/// Hashes passwords slowly, a few at a time.
///
/// Every method waits in a queue. If the queue is full, it fails as unavailable at once.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Returns a new hash in the configured form.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure>;

    /// Compares a password with a hash in any known form.
    async fn verify(&self, password: &Password, hash: &PasswordHash) -> Result<Verdict, Failure>;

    /// Does the work of [`verify`](Self::verify) if there is no hash to compare with.
    async fn hash_dummy(&self, password: &Password) -> Result<(), Failure>;
}

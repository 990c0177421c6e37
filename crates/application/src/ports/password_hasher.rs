//! Hashing of passwords.

use async_trait::async_trait;
use portcullis_domain::password::{Password, PasswordHash};

use super::Failure;

/// What a password is to a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Match,
    /// It is the password, but the hash is in a form that should be replaced.
    MatchButStale,
    /// It is another password, or the hash is in no form that is known.
    Mismatch,
}

/// Hashes passwords slowly, a few at a time.
///
/// Every method waits for its turn; where too many wait already, it is refused as unavailable at once.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A new hash in the form that is configured.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure>;

    /// Compares a password with a hash in any form that is known.
    async fn verify(&self, password: &Password, hash: &PasswordHash) -> Result<Verdict, Failure>;

    /// Spends the work of a [`verify`](Self::verify) where there is nothing to compare with.
    async fn burn(&self, password: &Password) -> Result<(), Failure>;
}

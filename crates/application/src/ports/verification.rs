//! Storage of one-time secrets.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    token::OneTimeSecret,
    verification::{Proven, Purpose, Verification},
};

use super::Failure;

/// What has been handed out and may be shown once.
///
/// A secret is found by its purpose and itself alone, so that one of another purpose is as good as none.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait VerificationRepository: Send {
    /// Remembers a secret.
    async fn insert(&mut self, verification: &Verification) -> Result<(), Failure>;

    /// What the secret proves, leaving it as it is, be it expired or not.
    async fn find(&mut self, purpose: Purpose, secret: &OneTimeSecret) -> Result<Option<Proven>, Failure>;

    /// What the secret proves, which it never does again: of many who ask at once one is answered.
    async fn consume(&mut self, purpose: Purpose, secret: &OneTimeSecret) -> Result<Option<Proven>, Failure>;

    /// Says once, until this time, that the secret was not used before: of many who ask at once one is told so.
    /// It is for secrets that another server made, of which nothing is remembered here.
    async fn claim(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeSecret,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Makes the user's secrets of these purposes worthless.
    async fn delete_by_user(&mut self, purposes: &[Purpose], user: &UserId) -> Result<(), Failure>;

    /// Deletes at most `limit` secrets that ended before this time; says how many.
    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

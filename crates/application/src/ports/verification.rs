//! Storage of one-time tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};

use super::Failure;

/// One-time tokens that were issued.
///
/// A token is found only by its purpose and its value together, so that a token for another purpose is not found.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait VerificationRepository: Send {
    /// Stores a token.
    async fn insert(&mut self, verification: &Verification) -> Result<(), Failure>;

    /// Returns what the token proves, whether it has expired or not, without consuming it.
    async fn find(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure>;

    /// Returns what the token proves and deletes the token: of several concurrent callers only one receives it.
    async fn consume(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure>;

    /// Marks the token as used until `until`. Returns whether it was unused: of several concurrent callers only one
    /// receives `true`. For tokens that another server issued, for which no row exists.
    async fn mark_used(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Leases the token until `until`. Returns whether the caller received the lease: of several concurrent callers only one
    /// does, and no other before the lease ends or is released.
    async fn lease(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Ends a lease before its time. Does nothing if there is none.
    async fn release(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<(), Failure>;

    /// Deletes the user's tokens that the event ends, and all of the user's codes: those of challenges that are deleted,
    /// and those of sessions that still exist. The code of a session that was deleted before cannot be used, since no
    /// caller has that session.
    async fn revoke(&mut self, event: RevokingEvent, user: &UserId) -> Result<(), Failure>;

    /// Deletes at most `limit` tokens that expired before `before`, and returns their number.
    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

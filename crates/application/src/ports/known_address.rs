//! Storage of the IP addresses from which users sign in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{email::EmailAddress, id::UserId};

use super::Failure;

/// The IP addresses from which users have signed in recently.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait KnownAddressRepository: Send {
    /// Returns whether the user with this e-mail address has signed in from this IP address since `since`. It takes one
    /// statement whether such a user exists or not.
    async fn is_known(
        &mut self,
        email: &EmailAddress,
        ip_address: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Stores that the user has signed in from this IP address; only the last time is kept. Does nothing if the user
    /// was deleted meanwhile.
    async fn remember(&mut self, user: &UserId, ip_address: &str, now: DateTime<Utc>) -> Result<(), Failure>;

    /// Deletes all known IP addresses of the user.
    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure>;

    /// Deletes at most `limit` IP addresses whose last sign-in was before `before`, and returns their number.
    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

//! Storage of where users come from.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{email::EmailAddress, id::UserId};

use super::Failure;

/// From where users have signed in of late.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait KnownAddressRepository: Send {
    /// Whether the user with this e-mail address, if there is one, has signed in from this address since then. It is
    /// one statement, whether there is such a user or not.
    async fn is_known(
        &mut self,
        email: &EmailAddress,
        ip_address: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Notes that the user has signed in from this address; only the last time is kept. Does nothing if the user was
    /// deleted meanwhile.
    async fn remember(&mut self, user: &UserId, ip_address: &str, now: DateTime<Utc>) -> Result<(), Failure>;

    /// Forgets every address of the user's.
    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure>;

    /// Forgets at most `limit` addresses from which nobody has signed in since before this time; says how many.
    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

//! Storage of the passwords of rejected sign-ups.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, password::PasswordHash};

use super::Failure;

/// The passwords of sign-ups that were rejected because a user has verified the e-mail address. The response to such a
/// sign-up does not reveal the rejection.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RefusedSignUpRepository: Send {
    /// Returns the password hash of the first rejected sign-up with the user's e-mail address.
    async fn find(&mut self, user: &UserId) -> Result<Option<PasswordHash>, Failure>;

    /// Stores the password hash of a rejected sign-up, unless one is stored already or the user was deleted meanwhile.
    async fn keep_first(
        &mut self,
        user: &UserId,
        password: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Failure>;

    /// Deletes the stored hash for the user, since the user's e-mail address changes.
    async fn delete(&mut self, user: &UserId) -> Result<(), Failure>;
}

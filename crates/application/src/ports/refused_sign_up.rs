//! Storage of the passwords of refused sign-ups.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{id::UserId, password::PasswordHash};

use super::Failure;

/// The passwords of sign-ups that were refused because a user has proven to own the address, without telling so.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RefusedSignUpRepository: Send {
    /// Returns the password of the first refused sign-up with the user's address.
    async fn find(&mut self, user: &UserId) -> Result<Option<PasswordHash>, Failure>;

    /// Keeps the password of a refused sign-up, unless one is kept already or the user was deleted meanwhile.
    async fn keep_first(
        &mut self,
        user: &UserId,
        password: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Failure>;

    /// Deletes what is kept for the user, whose address is another from now on.
    async fn delete(&mut self, user: &UserId) -> Result<(), Failure>;
}

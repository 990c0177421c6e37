//! Storage of users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
};

use super::{Failure, WriteError};

/// Who can sign in.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// The user with this address.
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure>;

    /// Stores a new user. Where the address is taken, the unit of work stays usable.
    async fn insert(&mut self, user: &User) -> Result<(), WriteError>;

    /// Changes a user and gives the changed one; none where the user is gone.
    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure>;
}

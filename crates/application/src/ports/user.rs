//! Storage of users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
};

use super::{Failure, WriteError};

/// Users.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// Returns the user with this id.
    async fn find(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// Returns the user with this id and locks the row until the unit of work ends: a concurrent change or deletion
    /// waits.
    async fn lock(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// Returns the user with this id, and locks the row in shared mode until the unit of work ends: several units may
    /// do so at once, and none may change or delete the user. Never waits: also returns `None` if the row is locked for
    /// a change at this moment. For users that an unauthenticated client names.
    async fn lock_shared_if_free(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// Returns the user with this e-mail address.
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure>;

    /// Stores a new user, and returns it as it is stored: the database may have defaults and triggers of its own. If the
    /// e-mail address or another unique field is taken, the unit of work stays usable.
    async fn insert(&mut self, user: &User) -> Result<User, WriteError>;

    /// Changes the user's e-mail address from `from` to `to` and whether it is verified. Returns the changed user, or
    /// `None` if the user has another address meanwhile or was deleted. `from` and `to` may be equal.
    #[expect(
        clippy::too_many_arguments,
        reason = "the change and its precondition belong together"
    )]
    async fn set_email(
        &mut self,
        user: &UserId,
        from: &EmailAddress,
        to: &EmailAddress,
        is_verified: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError>;

    /// Deletes a user and all rows that belong to the user. Returns whether the user existed.
    async fn delete(&mut self, user: &UserId) -> Result<bool, Failure>;

    /// Changes a user. Returns the changed user, or `None` if the user was deleted.
    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError>;
}

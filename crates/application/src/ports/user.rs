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
    /// The user with this id.
    async fn find(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// The user with this id, whom nobody changes or deletes before the unit of work ends: whoever tries waits.
    async fn hold(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// Returns the user with this id, and keeps others from changing or deleting the user until the unit of work ends.
    /// Never waits: returns `None` as well if the user is being changed at this moment. It is for users whom a
    /// stranger names, and several units of work may do it at once.
    async fn share_if_free(&mut self, user: &UserId) -> Result<Option<User>, Failure>;

    /// The user with this address.
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure>;

    /// Stores a new user. Where the address or another unique field is taken, the unit of work stays usable.
    async fn insert(&mut self, user: &User) -> Result<(), WriteError>;

    /// Gives a user who has the address `from` the address `to`, proven or not, and gives the changed user; none
    /// where the user has another address meanwhile or is gone. `from` and `to` may be equal.
    #[expect(
        clippy::too_many_arguments,
        reason = "what is changed and what that rests on are said together"
    )]
    async fn set_email(
        &mut self,
        user: &UserId,
        from: &EmailAddress,
        to: &EmailAddress,
        is_verified: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError>;

    /// Deletes a user with all that hangs on them; says whether there was one.
    async fn delete(&mut self, user: &UserId) -> Result<bool, Failure>;

    /// Changes a user and gives the changed one; none where the user is gone.
    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError>;
}

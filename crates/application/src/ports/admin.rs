//! Storage of users as administrators see it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    admin::{AdminPolicy, Condition, UserQuery},
    id::UserId,
    session::Session,
    user::User,
};

use super::Failure;

/// Searches over all users, and the rows that decide who is an administrator.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait AdminRepository: Send {
    /// Returns the users that the query selects, in its order.
    async fn list_users(&mut self, query: &UserQuery) -> Result<Vec<User>, Failure>;

    /// Returns the number of users that fulfil all of these conditions.
    async fn count_users(&mut self, conditions: &[Condition]) -> Result<u64, Failure>;

    /// Returns whether there is an administrator, banned or not.
    async fn has_administrator(&mut self, policy: &AdminPolicy) -> Result<bool, Failure>;

    /// Takes a lock that only one unit of work holds at a time, until the unit ends, and returns all administrators,
    /// banned or not. For units that make an administrator cease to be an administrator, after they have locked that
    /// user: they lock no other user, so they cannot deadlock.
    async fn lock_administrators(&mut self, policy: &AdminPolicy) -> Result<Vec<User>, Failure>;

    /// Returns all sessions of the user, also those that have expired, the oldest first.
    async fn list_sessions(&mut self, user: &UserId) -> Result<Vec<Session>, Failure>;

    /// Returns the user with this id if the user has a session that began at `since` or earlier and expires after `now`.
    async fn find_signed_in(
        &mut self,
        user: &UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure>;

    /// Deletes the sessions in which this administrator acts for other users.
    async fn delete_impersonations(&mut self, by: &UserId) -> Result<(), Failure>;
}

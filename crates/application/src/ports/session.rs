//! Storage of sessions.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    id::{SessionId, UserId},
    session::Session,
    token::SessionToken,
    user::User,
};

use super::{Failure, WriteError};

/// Sessions.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Returns the session with this token and its user, in one statement, whether it has expired or not.
    async fn find_by_token(&mut self, token: &SessionToken) -> Result<Option<(Session, User)>, Failure>;

    /// Returns the session with this id and its user, in one statement, whether it has expired or not.
    async fn find_by_id(&mut self, session: &SessionId) -> Result<Option<(Session, User)>, Failure>;

    /// Stores a new session, and returns it as it is stored: the database may have defaults and triggers of its own.
    async fn insert(&mut self, session: &Session) -> Result<Session, WriteError>;

    /// Stores the session's new expiry and update time. Returns whether the session still existed.
    async fn renew(&mut self, session: &Session) -> Result<bool, Failure>;

    /// Sets the values of these additional fields of the session with this token, and the time of its last change, even if
    /// the values are the same; its other fields are unchanged. Returns the changed session, or `None` if it does not exist.
    async fn set_fields(
        &mut self,
        token: &SessionToken,
        fields: &AdditionalFields,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Failure>;

    /// Deletes the session with this token if it exists.
    async fn delete(&mut self, token: &SessionToken) -> Result<(), Failure>;

    /// Deletes the sessions with these tokens, if they exist, in one statement.
    async fn delete_all(&mut self, tokens: &[SessionToken]) -> Result<(), Failure>;

    /// Returns at most `limit` of the user's sessions that expire after `now`, the newest first. Its cost does not grow
    /// with the number of the user's sessions.
    async fn list_by_user(
        &mut self,
        user: &UserId,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Session>, Failure>;

    /// Deletes at most `limit` live sessions of the new session's user, all but the new one and the `others` newest. A
    /// session that another transaction is changing is skipped.
    async fn delete_oldest(&mut self, new: &Session, others: u32, limit: u32) -> Result<(), Failure>;

    /// Deletes the session with this token if it belongs to the user. Returns whether there was one.
    async fn delete_of_user(&mut self, user: &UserId, token: &SessionToken) -> Result<bool, Failure>;

    /// Deletes all sessions of the user.
    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure>;

    /// Deletes all sessions of the user except the one with this token.
    async fn delete_others_of_user(&mut self, user: &UserId, keep: &SessionToken) -> Result<(), Failure>;

    /// Deletes at most `limit` sessions that expired before `before`, and returns their number.
    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}

//! Storage of sessions.

use async_trait::async_trait;
use portcullis_domain::{session::Session, token::SessionToken, user::User};

use super::{Failure, WriteError};

/// Who is present where.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// The session with this token and its user, in one statement, whether it has expired or not.
    async fn find_by_token(&mut self, token: &SessionToken) -> Result<Option<(Session, User)>, Failure>;

    /// Stores a new session.
    async fn insert(&mut self, session: &Session) -> Result<(), WriteError>;

    /// Stores the session's new end and time of change; says whether the session was still there.
    async fn renew(&mut self, session: &Session) -> Result<bool, Failure>;

    /// Deletes the session with this token, if there is one.
    async fn delete(&mut self, token: &SessionToken) -> Result<(), Failure>;
}

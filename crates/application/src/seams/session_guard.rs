//! Decision whether a user may have a session.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::user::User;

use super::Decision;
use crate::ports::{Failure, Repositories};

/// Decides whether a user may have a session. It is called after the user is authenticated and before a second
/// step. A refused sign-in starts no session.
#[async_trait]
pub trait SessionGuard: Send + Sync {
    /// Decides about this user. The row is current, and it is locked or new: a change of the user that ends the user's
    /// sessions also ends the session that starts now. What the guard writes to `db` is undone if any guard refuses. If it
    /// changes the user's row, it sets `user` to the changed user.
    async fn check(
        &self,
        db: &mut dyn Repositories,
        user: &mut User,
        now: DateTime<Utc>,
    ) -> Result<Decision, Failure>;
}

//! Sessions of users, as administrators see them.

use std::sync::Arc;

use portcullis_domain::{admin::Permission, id::UserId, session::Session, token::SessionToken};

use super::{
    Actor, AdminError,
    authority::{Authority, record},
};
use crate::session::{SessionRegistry, StrictCaller, end_sessions};

/// Lists and ends sessions of users.
pub struct UserSessions {
    pub(super) authority: Arc<Authority>,
    pub(super) registry: Arc<SessionRegistry>,
}

impl UserSessions {
    /// Returns all sessions of a user, also those that have expired and those in which an administrator acts for the
    /// user, the oldest first.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`] also for a user with permissions that the caller does not have: the sessions contain their
    /// tokens.
    pub async fn list(
        &self,
        by: impl Into<Actor<'_>> + Send,
        user: &UserId,
    ) -> Result<Vec<Session>, AdminError> {
        let (by, authority, permission) = (by.into(), &self.authority, Permission::ListSessions);
        authority.check(by, permission)?;
        let mut db = authority.store.autocommit();
        let caller = by.caller().map(StrictCaller::user);
        let found = db.users().find(user).await?;
        if found.is_some_and(|found| !authority.may_take_over(caller, &found)) {
            return Err(AdminError::NotAllowed(permission));
        }
        Ok(db.admin().list_sessions(user).await?)
    }

    /// Ends the session with this token, if there is one.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`], or if the store fails.
    pub async fn revoke(
        &self,
        by: impl Into<Actor<'_>> + Send,
        token: &SessionToken,
    ) -> Result<(), AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::RevokeSessions)?;
        let mut db = self.authority.store.autocommit();
        if let Some((session, _user)) = db.sessions().find_by_token(token).await? {
            self.registry.revoke_of(&session.user_id, token).await?;
            record("revoke-user-session", by, &session.user_id);
        }
        Ok(())
    }

    /// Ends all sessions of a user, and those in which the user acts for other users.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`]; for a service, [`AdminError::UserNotFound`].
    pub async fn revoke_all(&self, by: impl Into<Actor<'_>> + Send, user: &UserId) -> Result<(), AdminError> {
        let (by, authority, permission) = (by.into(), &self.authority, Permission::RevokeSessions);
        authority.check(by, permission)?;
        let mut unit = authority.store.begin();
        let Some(locked) = unit.users().lock(user).await? else {
            // wire: for administrators, an unknown user has no sessions.
            return match by {
                Actor::Service(_) => Err(AdminError::UserNotFound),
                Actor::User(_) | Actor::Operator => Ok(()),
            };
        };
        authority.check_again(unit.as_mut(), by, permission).await?;
        end_sessions(unit.as_mut(), user, None).await?;
        if authority.policy.allows(&locked, Permission::Impersonate) {
            unit.admin().delete_impersonations(user).await?;
        }
        unit.commit().await?;
        record("revoke-user-sessions", by, user);
        Ok(())
    }
}

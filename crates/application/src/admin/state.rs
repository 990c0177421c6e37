//! A user with accounts and sessions, for the operator and for services.

use std::collections::BTreeSet;

use portcullis_domain::{admin::Permission, email::EmailAddress, id::UserId, session::Session, user::User};

use super::{Actor, AdminError, UserSearches};

/// How a user is identified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserKey {
    /// By the id.
    Id(UserId),
    /// By the e-mail address.
    Email(EmailAddress),
}

/// A user, and what belongs to the user.
#[derive(Debug)]
pub struct UserState {
    /// The user.
    pub user: User,
    /// The providers of the user's accounts, each once.
    pub providers: BTreeSet<String>,
    /// The user's sessions that have not expired, the oldest first.
    pub sessions: Vec<Session>,
}

impl UserSearches {
    /// Returns the user with this id or address.
    ///
    /// # Errors
    ///
    /// [`AdminError::UserNotFound`].
    pub async fn find(&self, by: impl Into<Actor<'_>> + Send, key: &UserKey) -> Result<User, AdminError> {
        self.authority.check(by.into(), Permission::GetUser)?;
        let mut db = self.authority.store.autocommit();
        let found = match key {
            UserKey::Id(id) => db.users().find(id).await?,
            UserKey::Email(email) => db.users().find_by_email(email).await?,
        };
        found.ok_or(AdminError::UserNotFound)
    }

    /// Returns the user with this id or address, and what belongs to the user.
    ///
    /// # Errors
    ///
    /// [`AdminError::UserNotFound`].
    pub async fn state(
        &self,
        by: impl Into<Actor<'_>> + Send,
        key: &UserKey,
    ) -> Result<UserState, AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::ListSessions)?;
        let user = self.find(by, key).await?;
        let mut db = self.authority.store.autocommit();
        let accounts = db.accounts().list_by_user(&user.id).await?;
        let mut sessions = db.admin().list_sessions(&user.id).await?;
        let now = self.authority.clock.now();
        sessions.retain(|session| session.expires_at > now);
        Ok(UserState {
            user,
            providers: accounts.into_iter().map(|account| account.provider_id).collect(),
            sessions,
        })
    }
}

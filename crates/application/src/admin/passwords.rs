//! Passwords that administrators set.

use std::sync::Arc;

use portcullis_domain::{admin::Permission, id::UserId, message::MessageKind, password::Password};

use super::{
    Actor, AdminError,
    authority::{Authority, record},
};
use crate::{credential::Credentials, message::MessageWriter, seams::PasswordSource, session::end_sessions};

/// Sets passwords of users.
pub struct UserPasswords {
    pub(super) authority: Arc<Authority>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) messages: MessageWriter,
    pub(super) revokes_sessions: bool,
}

impl UserPasswords {
    /// Sets the password of a user, and creates a credential account if there is none. The user is notified. The caller's
    /// own session stays.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`] also for a user with permissions that the caller does not have.
    /// [`AdminError::Password`] if the policy rejects the password.
    pub async fn set(
        &self,
        by: impl Into<Actor<'_>> + Send,
        user: &UserId,
        password: &Password,
    ) -> Result<(), AdminError> {
        let (by, authority, permission) = (by.into(), &self.authority, Permission::SetPassword);
        authority.check(by, permission)?;
        self.credentials.check_new(password)?;
        let found = authority.find(user).await?;
        let source = PasswordSource::SetByAdministrator;
        let hash = self.credentials.hash(password, source).await?;

        let now = authority.clock.now();
        let kind = MessageKind::PasswordChanged;
        let notice = self.messages.notice(kind, &found, &found.email, now);
        let mut unit = authority.store.begin();
        let locked = unit.users().lock(user).await?;
        let locked = locked.ok_or(AdminError::UserNotFound)?;
        let caller = authority.check_again(unit.as_mut(), by, permission).await?;
        if !authority.may_take_over(caller.as_ref(), &locked) {
            return Err(AdminError::NotAllowed(permission));
        }
        let credentials = &self.credentials;
        credentials.set_password(unit.as_mut(), user, hash, now).await?;
        if self.revokes_sessions {
            let own = by.caller().map(|caller| &caller.session().token);
            end_sessions(unit.as_mut(), user, own).await?;
        }
        if let Some(notice) = notice {
            notice.queue(unit.as_mut(), now).await?;
        }
        self.messages.commit(unit).await?;
        record("set-user-password", by, user);
        Ok(())
    }
}

//! Removal of users by administrators.

use portcullis_domain::{admin::Permission, id::UserId};

use super::{Actor, AdminError, UserChanges, authority::record};

impl UserChanges {
    /// Deletes a user and all rows that belong to the user.
    ///
    /// # Errors
    ///
    /// [`AdminError::Refused`] if no administrator would remain, or if another plugin refuses the deletion.
    pub async fn remove(&self, by: impl Into<Actor<'_>> + Send, user: &UserId) -> Result<(), AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::DeleteUsers)?;
        if by.is(user) {
            return Err(AdminError::RemovesItself);
        }
        let found = self.authority.find(user).await?;

        let permission = Permission::DeleteUsers;
        let mut locked = self.authority.lock(by, permission, &found).await?;
        locked.check_takeover(permission)?;
        self.guards.delete(locked.unit.as_mut(), &locked.user).await?;
        locked.unit.commit().await?;
        record("remove-user", by, user);
        Ok(())
    }
}

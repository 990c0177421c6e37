//! Changes of users by administrators.

use std::sync::Arc;

use portcullis_domain::{
    additional::AdditionalFields,
    admin::{BAN_FIELDS, BANNED, Permission, ROLE},
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
};
use serde_json::Value;

use super::{
    Actor, AdminError,
    authority::{Authority, record},
    email::set_email,
    roles::{RoleInput, check_ban_fields},
};
use crate::seams::UserDeletionGuards;

/// Changes and removes users.
pub struct UserChanges {
    pub(super) authority: Arc<Authority>,
    pub(super) guards: UserDeletionGuards,
}

/// Changes of a user. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default)]
pub struct ChangeUser {
    /// The new address. It is not verified, unless `email_verified` is `Some(true)`.
    pub email: Option<EmailAddress>,
    /// Whether the address counts as verified.
    pub email_verified: Option<bool>,
    /// The new roles.
    pub roles: Option<RoleInput>,
    /// The new name and picture, and new values of additional fields.
    pub patch: UserPatch,
}

impl UserChanges {
    /// Changes a user.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`] also if the caller sets roles or a ban without the permission for that.
    pub async fn change(
        &self,
        by: impl Into<Actor<'_>> + Send,
        user: &UserId,
        command: &ChangeUser,
    ) -> Result<User, AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::UpdateUsers)?;
        let patch = self.patch(by, user, command)?;
        let found = self.authority.find(user).await?;

        let permission = Permission::UpdateUsers;
        let mut locked = self.authority.lock(by, permission, &found).await?;
        if BAN_FIELDS
            .iter()
            .any(|field| patch.additional.values().contains_key(*field))
        {
            locked.check_takeover(Permission::Ban)?;
        }
        set_email(&mut locked, command).await?;
        let changed = self.authority.change(&mut locked, &patch).await?;
        locked.unit.commit().await?;
        record("update-user", by, user);
        Ok(changed)
    }

    fn patch(&self, by: Actor<'_>, user: &UserId, command: &ChangeUser) -> Result<UserPatch, AdminError> {
        let mut patch = command.patch.clone();
        if let Some(roles) = &command.roles {
            self.authority.check(by, Permission::SetRole)?;
            let roles = roles.checked(&self.authority.policy)?;
            patch.additional.set(ROLE, Value::String(roles));
        }
        check_ban_fields(&self.authority, by, &patch.additional, |_any| true)?;
        if bans(&patch.additional) && by.is(user) {
            return Err(AdminError::BansItself);
        }
        Ok(patch)
    }
}

/// Returns whether these fields ban a user.
pub(super) fn bans(fields: &AdditionalFields) -> bool {
    *fields.get(BANNED) == Value::Bool(true)
}

//! Changes of roles.

use std::sync::Arc;

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    admin::{AdminPolicy, BAN_FIELDS, Permission, ROLE},
    id::UserId,
    user::{User, UserPatch},
};
use serde_json::Value;

use super::{
    Actor, AdminError,
    authority::{Authority, record},
};

/// Sets the roles of users.
pub struct RoleChanges {
    pub(super) authority: Arc<Authority>,
}

/// Roles as a client sends them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleInput {
    /// Names. A name may contain commas, and is then several names.
    Names(Vec<String>),
    /// A value that is not a string.
    Invalid,
}

impl RoleInput {
    /// Reads a text, or a list of texts.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        let names = match value {
            Value::Array(names) => names.iter().map(Value::as_str).collect(),
            other => other.as_str().map(|name| vec![name]),
        };
        names.map_or(Self::Invalid, |names: Vec<&str>| {
            Self::Names(names.into_iter().map(str::to_owned).collect())
        })
    }

    /// Returns the roles as they are stored.
    pub(super) fn checked(&self, policy: &AdminPolicy) -> Result<String, AdminError> {
        let Self::Names(names) = self else {
            return Err(AdminError::InvalidRole);
        };
        if !names.iter().all(|name| policy.accepts_role(name)) {
            return Err(AdminError::UnknownRole);
        }
        Ok(RoleList::of_names(names.iter().map(String::as_str)).to_string())
    }
}

/// Checks that the caller may ban users, if `is_meant` accepts the value of a field of bans among `fields`.
pub(super) fn check_ban_fields(
    authority: &Authority,
    by: Actor<'_>,
    fields: &AdditionalFields,
    is_meant: fn(&Value) -> bool,
) -> Result<(), AdminError> {
    let mut set = BAN_FIELDS.iter().filter_map(|name| fields.values().get(*name));
    if set.any(is_meant) {
        authority.check(by, Permission::Ban)?;
    }
    Ok(())
}

impl RoleChanges {
    /// Sets the roles of a user.
    ///
    /// # Errors
    ///
    /// [`AdminError::LastAdministrator`] if no administrator would remain.
    pub async fn set(
        &self,
        by: impl Into<Actor<'_>> + Send,
        user: &UserId,
        roles: &RoleInput,
    ) -> Result<User, AdminError> {
        let by = by.into();
        self.authority.check(by, Permission::SetRole)?;
        let roles = roles.checked(&self.authority.policy)?;
        let found = self.authority.find(user).await?;
        let mut additional = AdditionalFields::default();
        additional.set(ROLE, Value::String(roles));
        let patch = UserPatch {
            additional,
            ..UserPatch::default()
        };

        let mut locked = self.authority.lock(by, Permission::SetRole, &found).await?;
        let changed = self.authority.change(&mut locked, &patch).await?;
        locked.unit.commit().await?;
        record("set-role", by, user);
        Ok(changed)
    }
}

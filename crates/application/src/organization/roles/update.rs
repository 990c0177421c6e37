//! Change of roles.

use portcullis_domain::{
    access::Statements,
    additional::AdditionalFields,
    organization::{
        OrganizationId, OrganizationRole, OrganizationRolePatch, is_role_name, permission, write_permission,
    },
};

use super::{
    OrganizationRoles, RoleKey, UpdateRoleError, chosen, find,
    grant::{Ungrantable, check_grant},
};
use crate::{ports::UnitOfWork, session::StrictCaller};

/// Changes of a role; `None` leaves a field unchanged.
#[derive(Clone, Debug)]
pub struct UpdateRole {
    /// The organization. `None`: the one in which the caller works.
    pub organization: Option<OrganizationId>,
    /// The role.
    pub role: RoleKey,
    /// What the role may do.
    pub permission: Option<Statements>,
    /// The new name. It is stored in lower case.
    pub name: Option<String>,
    /// The values of additional fields that change.
    pub additional: AdditionalFields,
}

/// A changed role.
#[derive(Debug)]
pub struct UpdatedRole {
    /// The role before the change.
    pub before: OrganizationRole,
    /// The role after the change.
    pub after: OrganizationRole,
}

impl OrganizationRoles {
    /// Changes a role, which then permits no more than the caller's own roles. Members keep the old name in their lists.
    ///
    /// # Errors
    ///
    /// If the caller may not change it, or the new name is taken.
    pub async fn update(
        &self,
        by: &StrictCaller,
        change: UpdateRole,
    ) -> Result<UpdatedRole, UpdateRoleError> {
        let known = self.statements().ok_or(UpdateRoleError::NoStatements)?;
        let organization = chosen(by, change.organization).ok_or(UpdateRoleError::NoOrganization)?;
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        if !membership.may(permission::UPDATE_ROLE) {
            return Err(UpdateRoleError::NotAllowed);
        }
        let before = find(unit.as_mut(), &organization, &change.role).await?;
        let before = before.ok_or(UpdateRoleError::NotFound)?;
        if let Some(permission) = &change.permission {
            check_grant(&membership, known, permission)?;
        }
        // wire: an empty name changes nothing.
        let name = change.name.filter(|name| !name.is_empty());
        let name = name.map(|name| name.to_lowercase());
        self.check_name(unit.as_mut(), &organization, name.as_deref())
            .await?;
        let patch = OrganizationRolePatch {
            role: name,
            permission: change.permission.as_ref().map(write_permission),
            additional: change.additional,
        };

        let now = self.organizations.clock.now();
        let updated = unit
            .organization_roles()
            .update(&organization, &before.id, &patch, now)
            .await?;
        let after = updated.ok_or(UpdateRoleError::NotFound)?;
        unit.commit().await?;
        Ok(UpdatedRole { before, after })
    }

    /// Checks that a role can have the new name, and that none has it.
    async fn check_name(
        &self,
        unit: &mut dyn UnitOfWork,
        organization: &OrganizationId,
        name: Option<&str>,
    ) -> Result<(), UpdateRoleError> {
        let Some(name) = name else { return Ok(()) };
        if !is_role_name(name) {
            return Err(UpdateRoleError::InvalidName);
        }
        let namesake = unit.organization_roles().find_by_name(organization, name);
        if self.is_predefined(name) || namesake.await?.is_some() {
            return Err(UpdateRoleError::NameTaken);
        }
        Ok(())
    }
}

impl From<Ungrantable> for UpdateRoleError {
    fn from(reason: Ungrantable) -> Self {
        match reason {
            Ungrantable::UnknownResource => Self::UnknownResource,
            Ungrantable::Missing(permissions) => Self::Missing(permissions),
        }
    }
}

//! Deletion of roles.

use portcullis_domain::organization::{OrganizationId, permission};

use super::{DeleteRoleError, OrganizationRoles, RoleKey, chosen, find};
use crate::session::StrictCaller;

impl OrganizationRoles {
    /// Deletes a role that no member holds.
    ///
    /// # Errors
    ///
    /// If the caller may not delete it, or a member holds it.
    pub async fn delete(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
        key: &RoleKey,
    ) -> Result<(), DeleteRoleError> {
        let organization = chosen(by, organization).ok_or(DeleteRoleError::NoOrganization)?;
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        if !membership.may(permission::DELETE_ROLE) {
            return Err(DeleteRoleError::NotAllowed);
        }
        if matches!(key, RoleKey::Name(name) if self.is_predefined(name)) {
            return Err(DeleteRoleError::Predefined);
        }
        let role = find(unit.as_mut(), &organization, key).await?;
        let role = role.ok_or(DeleteRoleError::NotFound)?;
        let held = unit.members().count_with_role(&organization, &role.role);
        if held.await? > 0 {
            return Err(DeleteRoleError::IsAssigned);
        }

        unit.organization_roles().delete(&organization, &role.id).await?;
        Ok(unit.commit().await?)
    }
}

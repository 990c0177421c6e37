//! Deletion of roles.

use portcullis_domain::{
    access::RoleList,
    organization::{OrganizationId, OrganizationRole, permission},
};

use super::{DeleteRoleError, OrganizationRoles, RoleKey, chosen, find};
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

impl OrganizationRoles {
    /// Deletes a role that no member holds, and that no open invitation names.
    ///
    /// # Errors
    ///
    /// If the caller may not delete it, or it is in use.
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
        if held.await? > 0 || self.is_promised(unit.as_mut(), &role).await? {
            return Err(DeleteRoleError::IsAssigned);
        }

        unit.organization_roles().delete(&organization, &role.id).await?;
        Ok(unit.commit().await?)
    }

    /// Returns whether an open invitation names the role.
    async fn is_promised(&self, db: &mut dyn Repositories, role: &OrganizationRole) -> Result<bool, Failure> {
        let now = self.organizations.clock.now();
        let invitations = db.invitations().list(&role.organization_id).await?;
        let mut open = invitations.iter().filter(|invitation| invitation.is_open(now));
        Ok(open.any(|invitation| {
            let names = invitation.role.iter().flat_map(RoleList::iter);
            names.map(str::trim).any(|name| name == role.role)
        }))
    }
}

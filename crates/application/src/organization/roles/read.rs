//! Reading of roles.

use portcullis_domain::organization::{OrganizationId, OrganizationRole, permission};

use super::{OrganizationRoles, ReadRolesError, RoleKey, chosen, find};
use crate::{ports::Repositories, session::StrictCaller};

impl OrganizationRoles {
    /// Returns the roles that an organization created, the oldest first.
    ///
    /// # Errors
    ///
    /// If the caller may not read them.
    pub async fn list(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<OrganizationRole>, ReadRolesError> {
        let organization = chosen(by, organization).ok_or(ReadRolesError::NoOrganization)?;
        let mut store = self.readable(by, &organization).await?;
        Ok(store.organization_roles().list(&organization).await?)
    }

    /// Returns a role that an organization created.
    ///
    /// # Errors
    ///
    /// If the caller may not read it, or there is none.
    pub async fn get(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
        key: &RoleKey,
    ) -> Result<OrganizationRole, ReadRolesError> {
        let organization = chosen(by, organization).ok_or(ReadRolesError::NoOrganization)?;
        let mut store = self.readable(by, &organization).await?;
        let role = find(store.as_mut(), &organization, key).await?;
        role.ok_or(ReadRolesError::NotFound)
    }

    /// Returns the store if the caller may read the roles of the organization.
    async fn readable(
        &self,
        by: &StrictCaller,
        organization: &OrganizationId,
    ) -> Result<Box<dyn Repositories>, ReadRolesError> {
        let mut store = self.organizations.store.autocommit();
        let membership = self.organizations.membership(store.as_mut(), by, organization);
        let membership = membership.await?.ok_or(ReadRolesError::NotAMember)?;
        if membership.may(permission::READ_ROLE) {
            Ok(store)
        } else {
            Err(ReadRolesError::NotAllowed)
        }
    }
}

//! Creation of roles.

use portcullis_domain::{
    access::Statements,
    additional::AdditionalFields,
    organization::{OrganizationId, OrganizationRole, is_role_name, permission, write_permission},
};

use super::{
    CreateRoleError, OrganizationRoles, chosen,
    grant::{Ungrantable, check_grant},
};
use crate::{organization::Membership, ports::UnitOfWork, session::StrictCaller};

/// A new role.
#[derive(Clone, Debug)]
pub struct CreateRole {
    /// The organization. `None`: the one in which the caller works.
    pub organization: Option<OrganizationId>,
    /// The name. It is stored in lower case.
    pub name: String,
    /// What the role may do.
    pub permission: Statements,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

/// A new role, and what it may do.
#[derive(Debug)]
pub struct CreatedRole {
    /// The role.
    pub role: OrganizationRole,
    /// What it may do.
    pub statements: Statements,
}

impl OrganizationRoles {
    /// Creates a role that permits no more than the caller's own roles.
    ///
    /// # Errors
    ///
    /// If the caller may not create it, or the name is taken.
    pub async fn create(&self, by: &StrictCaller, new: CreateRole) -> Result<CreatedRole, CreateRoleError> {
        let known = self.statements().ok_or(CreateRoleError::NoStatements)?;
        let organization = chosen(by, new.organization).ok_or(CreateRoleError::NoOrganization)?;
        let name = new.name.to_lowercase();
        if !is_role_name(&name) {
            return Err(CreateRoleError::InvalidName);
        }
        if self.is_predefined(&name) {
            return Err(CreateRoleError::NameTaken);
        }
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        self.check(unit.as_mut(), &membership, &organization).await?;
        check_grant(&membership, known, &new.permission)?;
        let namesake = unit.organization_roles().find_by_name(&organization, &name);
        if namesake.await?.is_some() {
            return Err(CreateRoleError::NameTaken);
        }
        let role = OrganizationRole {
            id: self.organizations.new_id(),
            organization_id: organization,
            role: name,
            permission: write_permission(&new.permission),
            created_at: self.organizations.clock.now(),
            updated_at: None,
            additional: new.additional,
        };

        let role = unit.organization_roles().insert(&role).await?;
        unit.commit().await?;
        Ok(CreatedRole {
            role,
            statements: new.permission,
        })
    }

    /// Checks that the member may create a role, and that the organization has not too many.
    async fn check(
        &self,
        unit: &mut dyn UnitOfWork,
        membership: &Membership<'_>,
        organization: &OrganizationId,
    ) -> Result<(), CreateRoleError> {
        if !membership.may(permission::CREATE_ROLE) {
            return Err(CreateRoleError::NotAllowed);
        }
        if let Some(maximum) = self.options.maximum
            && unit.organization_roles().count(organization).await? >= u64::from(maximum)
        {
            return Err(CreateRoleError::LimitReached);
        }
        Ok(())
    }
}

impl From<Ungrantable> for CreateRoleError {
    fn from(reason: Ungrantable) -> Self {
        match reason {
            Ungrantable::UnknownResource => Self::UnknownResource,
            Ungrantable::Missing(permissions) => Self::Missing(permissions),
        }
    }
}

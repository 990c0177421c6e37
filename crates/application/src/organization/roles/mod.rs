//! Roles that organizations create.

mod create;
mod delete;
mod error;
mod grant;
mod read;
mod update;

use portcullis_domain::{
    access::Statements,
    organization::{OrganizationId, OrganizationRole, OrganizationRoleId},
};

pub use self::{
    create::{CreateRole, CreatedRole},
    error::{CreateRoleError, DeleteRoleError, ReadRolesError, UpdateRoleError},
    update::{UpdateRole, UpdatedRole},
};
use super::{DynamicRoleOptions, Organizations};
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

/// Roles that organizations create, if they are enabled.
pub struct OrganizationRoles {
    organizations: Organizations,
    options: DynamicRoleOptions,
}

/// A role of an organization, by its name or by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleKey {
    /// The name, as it is stored.
    Name(String),
    /// The id.
    Id(OrganizationRoleId),
}

impl OrganizationRoles {
    /// Creates the use cases. `None`: organizations create no roles.
    #[must_use]
    pub fn new(organizations: Organizations) -> Option<Self> {
        let options = organizations.options().dynamic_roles?;
        Some(Self {
            organizations,
            options,
        })
    }

    /// Returns the use cases of organizations themselves.
    #[must_use]
    pub const fn organizations(&self) -> &Organizations {
        &self.organizations
    }

    /// Returns the resources that roles may contain, if they are configured.
    fn statements(&self) -> Option<&Statements> {
        self.organizations.options().access.statements.as_ref()
    }

    /// Returns whether every organization has a role of this name.
    fn is_predefined(&self, name: &str) -> bool {
        self.organizations.options().access.roles.get(name).is_some()
    }
}

/// Returns the organization that a request names, or else the one in which the caller works.
// wire: unlike elsewhere, an empty id is not replaced by the active organization.
fn chosen(by: &StrictCaller, organization: Option<OrganizationId>) -> Option<OrganizationId> {
    let chosen = organization.or_else(|| by.session().active_organization());
    chosen.filter(|id| !id.as_str().is_empty())
}

/// Returns the role of the organization with this key.
async fn find(
    store: &mut dyn Repositories,
    organization: &OrganizationId,
    key: &RoleKey,
) -> Result<Option<OrganizationRole>, Failure> {
    match key {
        RoleKey::Name(name) => store.organization_roles().find_by_name(organization, name).await,
        RoleKey::Id(id) => store.organization_roles().find(organization, id).await,
    }
}

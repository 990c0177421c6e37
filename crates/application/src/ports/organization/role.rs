//! Storage of roles that organizations create. It is used only if organizations may have roles of their own: otherwise
//! the database has no table of them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::organization::{
    OrganizationId, OrganizationRole, OrganizationRoleId, OrganizationRolePatch,
};

use crate::ports::{Failure, WriteError};

/// Roles that organizations create.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait OrganizationRoleRepository: Send {
    /// Returns the role with this id. `None` also for a role of another organization.
    async fn find(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<Option<OrganizationRole>, Failure>;

    /// Returns the organization's role of this name; of several, the oldest one, then the one with the smallest id.
    async fn find_by_name(
        &mut self,
        organization: &OrganizationId,
        name: &str,
    ) -> Result<Option<OrganizationRole>, Failure>;

    /// Returns the organization's roles with these names; the oldest first, equally old ones by id.
    async fn list_named(
        &mut self,
        organization: &OrganizationId,
        names: &[String],
    ) -> Result<Vec<OrganizationRole>, Failure>;

    /// Returns the roles of the organization; the oldest first, equally old ones by id.
    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<OrganizationRole>, Failure>;

    /// Returns the number of the organization's roles.
    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure>;

    /// Stores a new role, and returns it as it is stored. The caller has locked the organization and found that the name is
    /// free. If a unique field is taken, the unit of work stays usable.
    async fn insert(&mut self, role: &OrganizationRole) -> Result<OrganizationRole, WriteError>;

    /// Changes a role of the organization. Returns the changed role, or `None` if the organization has no such role. If a
    /// unique field is taken, the unit of work stays usable.
    async fn update(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
        patch: &OrganizationRolePatch,
        now: DateTime<Utc>,
    ) -> Result<Option<OrganizationRole>, WriteError>;

    /// Deletes a role of the organization. Returns whether there was one. Members keep its name in their lists.
    async fn delete(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<bool, Failure>;
}

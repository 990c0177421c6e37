//! Roles that organizations create.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::organization::{
    OrganizationId, OrganizationRole, OrganizationRoleId, OrganizationRolePatch,
};

use super::{
    super::{MemoryUnitOfWork, Rows},
    number, set_all, sort_by_age,
};
use crate::ports::{Failure, OrganizationRoleRepository, WriteError};

impl Rows {
    fn roles_of(&self, organization: &OrganizationId) -> Vec<OrganizationRole> {
        let roles = self.organization_roles.iter();
        let roles = roles.filter(|row| row.organization_id == *organization);
        let mut roles: Vec<_> = roles.cloned().collect();
        sort_by_age(&mut roles, |row| (row.created_at, &row.id));
        roles
    }
}

#[async_trait]
impl OrganizationRoleRepository for MemoryUnitOfWork {
    async fn find(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<Option<OrganizationRole>, Failure> {
        let roles = self.read(|rows| rows.roles_of(organization));
        Ok(roles.into_iter().find(|row| row.id == *role))
    }

    async fn find_by_name(
        &mut self,
        organization: &OrganizationId,
        name: &str,
    ) -> Result<Option<OrganizationRole>, Failure> {
        let roles = self.read(|rows| rows.roles_of(organization));
        Ok(roles.into_iter().find(|row| row.role == name))
    }

    async fn list_named(
        &mut self,
        organization: &OrganizationId,
        names: &[String],
    ) -> Result<Vec<OrganizationRole>, Failure> {
        let mut roles = self.read(|rows| rows.roles_of(organization));
        roles.retain(|row| names.contains(&row.role));
        Ok(roles)
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<OrganizationRole>, Failure> {
        Ok(self.read(|rows| rows.roles_of(organization)))
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        Ok(self.read(|rows| number(rows.roles_of(organization).len())))
    }

    async fn insert(&mut self, role: &OrganizationRole) -> Result<OrganizationRole, WriteError> {
        self.write(|rows| rows.organization_roles.push(role.clone()));
        Ok(role.clone())
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
        patch: &OrganizationRolePatch,
        now: DateTime<Utc>,
    ) -> Result<Option<OrganizationRole>, WriteError> {
        Ok(self.write(|rows| {
            let is_it = |row: &&mut OrganizationRole| row.id == *role && row.organization_id == *organization;
            let found = rows.organization_roles.iter_mut().find(is_it)?;
            if let Some(name) = &patch.role {
                found.role.clone_from(name);
            }
            if let Some(permission) = &patch.permission {
                found.permission.clone_from(permission);
            }
            set_all(&mut found.additional, &patch.additional);
            found.updated_at = Some(now);
            Some(found.clone())
        }))
    }

    async fn delete(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let before = rows.organization_roles.len();
            rows.organization_roles
                .retain(|row| row.id != *role || row.organization_id != *organization);
            rows.organization_roles.len() < before
        }))
    }
}

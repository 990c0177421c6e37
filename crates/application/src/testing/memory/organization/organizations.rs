//! Organizations themselves.

use std::collections::HashSet;

use async_trait::async_trait;
use portcullis_domain::{
    id::UserId,
    organization::{Organization, OrganizationId, OrganizationPatch},
};

use super::{
    super::{MemoryUnitOfWork, Rows},
    number, set_all, sort_by_age,
};
use crate::ports::{Failure, OrganizationRepository, UniqueKey, WriteError};

impl Rows {
    pub(super) fn organization(&self, id: &OrganizationId) -> Option<&Organization> {
        self.organizations.iter().find(|row| row.id == *id)
    }

    /// Returns the organizations of a user, each once; the oldest membership first.
    fn organizations_of(&self, user: &UserId) -> Vec<Organization> {
        let of_user = self.members.iter().filter(|member| member.user_id == *user);
        let mut members: Vec<_> = of_user.collect();
        sort_by_age(&mut members, |member| (member.created_at, &member.id));
        let mut seen = HashSet::new();
        members.retain(|member| seen.insert(member.organization_id.as_str()));
        let organizations = members.into_iter();
        organizations
            .filter_map(|member| self.organization(&member.organization_id).cloned())
            .collect()
    }

    fn is_slug_taken(&self, slug: &str, by_another_than: &OrganizationId) -> bool {
        let mut organizations = self.organizations.iter();
        organizations.any(|row| row.slug == slug && row.id != *by_another_than)
    }
}

fn change(organization: &mut Organization, patch: &OrganizationPatch) {
    if let Some(name) = &patch.name {
        organization.name.clone_from(name);
    }
    if let Some(slug) = &patch.slug {
        organization.slug.clone_from(slug);
    }
    if patch.logo.is_some() {
        organization.logo.clone_from(&patch.logo);
    }
    if let Some(metadata) = patch.metadata_text() {
        organization.metadata = Some(metadata);
    }
    set_all(&mut organization.additional, &patch.additional);
}

#[async_trait]
impl OrganizationRepository for MemoryUnitOfWork {
    async fn find(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure> {
        Ok(self.read(|rows| rows.organization(organization).cloned()))
    }

    async fn find_by_slug(&mut self, slug: &str) -> Result<Option<Organization>, Failure> {
        let has_slug = |row: &&Organization| row.slug == slug;
        Ok(self.read(|rows| rows.organizations.iter().find(has_slug).cloned()))
    }

    async fn lock(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure> {
        Ok(self.read(|rows| rows.organization(organization).cloned()))
    }

    async fn lock_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure> {
        let mut organizations = self.read(|rows| rows.organizations_of(user));
        organizations.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        Ok(organizations)
    }

    async fn insert(&mut self, organization: &Organization) -> Result<Organization, WriteError> {
        self.write(|rows| {
            if rows.is_slug_taken(&organization.slug, &organization.id) {
                return Err(WriteError::Taken(UniqueKey::OrganizationSlug));
            }
            rows.organizations.push(organization.clone());
            Ok(organization.clone())
        })
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        patch: &OrganizationPatch,
    ) -> Result<Option<Organization>, WriteError> {
        self.write(|rows| {
            let slug = patch.slug.as_ref();
            if slug.is_some_and(|slug| rows.is_slug_taken(slug, organization)) {
                return Err(WriteError::Taken(UniqueKey::OrganizationSlug));
            }
            let mut organizations = rows.organizations.iter_mut();
            let found = organizations.find(|row| row.id == *organization);
            Ok(found.map(|row| {
                change(row, patch);
                row.clone()
            }))
        })
    }

    async fn delete(&mut self, organization: &OrganizationId) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let before = rows.organizations.len();
            rows.organizations.retain(|row| row.id != *organization);
            rows.members.retain(|row| row.organization_id != *organization);
            rows.invitations
                .retain(|row| row.organization_id != *organization);
            rows.organization_roles
                .retain(|row| row.organization_id != *organization);
            rows.delete_teams(organization);
            rows.organizations.len() < before
        }))
    }

    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure> {
        Ok(self.read(|rows| rows.organizations_of(user)))
    }

    async fn count_of_user(&mut self, user: &UserId) -> Result<u64, Failure> {
        Ok(self.read(|rows| number(rows.organizations_of(user).len())))
    }
}

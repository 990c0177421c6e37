//! Changes of organizations.

use portcullis_domain::organization::{Organization, OrganizationId, OrganizationPatch, permission};

use super::{Organizations, Unbegun, named_or_active};
use crate::{
    ports::{Failure, UniqueKey, WriteError},
    session::StrictCaller,
};

/// Why an organization was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateOrganizationError {
    /// The request names no organization, and the caller has no active one.
    #[error("there is no organization to change")]
    NoOrganization,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not change the organization")]
    NotAllowed,
    /// Another organization has the slug.
    #[error("another organization has the slug")]
    SlugTaken,
    /// Another organization has the value of a unique field.
    #[error("another organization has the value of a unique field")]
    FieldTaken,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for UpdateOrganizationError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::OrganizationSlug) => Self::SlugTaken,
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<Unbegun> for UpdateOrganizationError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::NotAMember,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Changes an organization, and returns it. An empty patch changes nothing.
    ///
    /// # Errors
    ///
    /// [`UpdateOrganizationError::SlugTaken`] also if another request takes the slug at the same time.
    pub async fn update(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
        patch: OrganizationPatch,
    ) -> Result<Organization, UpdateOrganizationError> {
        let id = named_or_active(by, organization).ok_or(UpdateOrganizationError::NoOrganization)?;

        let (mut unit, membership) = self.begin_as_member(by, &id).await?;
        if !membership.may(permission::UPDATE_ORGANIZATION) {
            return Err(UpdateOrganizationError::NotAllowed);
        }
        if patch.is_empty() {
            return Ok(membership.into_parts().0);
        }
        if let Some(slug) = &patch.slug {
            let found = unit.organizations().find_by_slug(slug).await?;
            if found.is_some_and(|found| found.id != id) {
                return Err(UpdateOrganizationError::SlugTaken);
            }
        }
        let updated = unit.organizations().update(&id, &patch).await?;
        let updated = updated.ok_or(UpdateOrganizationError::NotAMember)?;
        unit.commit().await?;
        Ok(updated)
    }
}

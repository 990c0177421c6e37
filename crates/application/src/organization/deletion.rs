//! Deletion of organizations.

use portcullis_domain::organization::{ACTIVE_ORGANIZATION_ID, Organization, OrganizationId, permission};

use super::{Organizations, Unbegun};
use crate::{ports::Failure, session::StrictCaller};

/// Why an organization was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteOrganizationError {
    /// Deletion of organizations is disabled.
    #[error("deletion of organizations is disabled")]
    Disabled,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not delete the organization")]
    NotAllowed,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for DeleteOrganizationError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::NotAMember,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Returns whether members may delete organizations.
    #[must_use]
    pub const fn allows_deletion(&self) -> bool {
        self.options.allows_deletion
    }

    /// Deletes an organization with its members, invitations, teams and roles, and returns it.
    ///
    /// # Errors
    ///
    /// [`DeleteOrganizationError::NotAMember`] also if there is no such organization.
    pub async fn delete(
        &self,
        by: &StrictCaller,
        organization: &OrganizationId,
    ) -> Result<Organization, DeleteOrganizationError> {
        if !self.options.allows_deletion {
            return Err(DeleteOrganizationError::Disabled);
        }

        let (mut unit, membership) = self.begin_as_member(by, organization).await?;
        if !membership.may(permission::DELETE_ORGANIZATION) {
            return Err(DeleteOrganizationError::NotAllowed);
        }
        unit.organizations().delete(organization).await?;
        if by.session().active_organization().as_ref() == Some(organization) {
            let cleared = [(ACTIVE_ORGANIZATION_ID, None)];
            self.set_session(unit.as_mut(), by, &cleared).await?;
        }
        unit.commit().await?;
        Ok(membership.into_parts().0)
    }
}

//! Departure of the caller from an organization.

use portcullis_domain::organization::{MemberWithUser, OrganizationId};

use super::super::{Organizations, Unbegun};
use crate::{ports::Failure, session::StrictCaller};

/// Why the caller is still a member.
#[derive(Debug, thiserror::Error)]
pub enum LeaveOrganizationError {
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    MemberNotFound,
    /// No other member has the creator's role.
    #[error("the caller is the only owner of the organization")]
    OnlyOwner,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for LeaveOrganizationError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Ends the caller's membership of an organization and of its teams, and returns it.
    ///
    /// # Errors
    ///
    /// [`LeaveOrganizationError::OnlyOwner`] if no member with the creator's role would be left.
    pub async fn leave(
        &self,
        by: &StrictCaller,
        organization: &OrganizationId,
    ) -> Result<MemberWithUser, LeaveOrganizationError> {
        let (mut unit, membership) = self.begin_as_member(by, organization).await?;
        if membership.is_creator() && self.is_only_creator(unit.as_mut(), organization).await? {
            return Err(LeaveOrganizationError::OnlyOwner);
        }
        let user = &by.user().id;
        self.expel(unit.as_mut(), by, organization, user).await?;
        unit.commit().await?;
        Ok(membership.into_parts().1)
    }
}

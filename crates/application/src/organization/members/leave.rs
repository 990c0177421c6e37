//! Departure of the caller from an organization.

use portcullis_domain::organization::{MemberWithUser, OrganizationId};

use super::super::{Begun, Organizations};
use crate::{ports::Failure, session::StrictCaller};

/// Why the caller is still a member.
#[derive(Debug, thiserror::Error)]
pub enum LeaveOrganizationError {
    /// The caller is no member.
    #[error("the caller is no member of the organization")]
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
        let (mut unit, membership) = match self.begin(by, organization).await? {
            Begun::Member(unit, membership) => (unit, membership),
            Begun::NotAMember => return Err(LeaveOrganizationError::MemberNotFound),
            Begun::SessionEnded => return Err(LeaveOrganizationError::SessionEnded),
        };
        if membership.is_creator() && self.is_only_creator(unit.as_mut(), organization).await? {
            return Err(LeaveOrganizationError::OnlyOwner);
        }
        let user = &by.user().id;
        self.expel(unit.as_mut(), by, organization, user).await?;
        unit.commit().await?;
        Ok(membership.into_parts().1)
    }
}

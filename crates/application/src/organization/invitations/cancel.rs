//! Cancellation of invitations by the organization.

use portcullis_domain::organization::{Invitation, InvitationId, InvitationStatus, permission};

use super::super::{Organizations, Unbegun};
use crate::{ports::Failure, session::StrictCaller};

/// Why an invitation was not canceled.
#[derive(Debug, thiserror::Error)]
pub enum CancelInvitationError {
    /// There is no such invitation, or it was answered at the same time.
    #[error("there is no such invitation")]
    NotFound,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member of the organization")]
    MemberNotFound,
    /// The caller's roles do not permit it.
    #[error("the caller may not cancel invitations")]
    NotAllowed,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for CancelInvitationError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Cancels an invitation, and returns it. As in Better Auth, one that was answered is canceled, too; a member who has
    /// accepted it stays.
    ///
    /// # Errors
    ///
    /// [`CancelInvitationError::NotFound`] also if the recipient answers it at the same time.
    pub async fn cancel(
        &self,
        by: &StrictCaller,
        invitation: &InvitationId,
    ) -> Result<Invitation, CancelInvitationError> {
        let found = self.store.autocommit().invitations().find(invitation).await?;
        let found = found.ok_or(CancelInvitationError::NotFound)?;

        let (mut unit, membership) = self.begin_as_member(by, &found.organization_id).await?;
        if !membership.may(permission::CANCEL_INVITATION) {
            return Err(CancelInvitationError::NotAllowed);
        }
        let to = InvitationStatus::Canceled;
        let settled = unit.invitations().settle(&found.id, found.status, to).await?;
        let canceled = settled.ok_or(CancelInvitationError::NotFound)?;
        unit.commit().await?;
        Ok(canceled)
    }
}

//! Rejection of invitations by their recipients.

use portcullis_domain::organization::{Invitation, InvitationId, InvitationStatus};

use super::{super::Organizations, Unentitled};
use crate::{ports::Failure, session::StrictCaller};

/// Why an invitation was not rejected.
#[derive(Debug, thiserror::Error)]
pub enum RejectInvitationError {
    /// There is no such invitation, or it was answered or canceled.
    #[error("there is no pending invitation")]
    NotFound,
    /// The invitation is addressed to another user.
    #[error("the caller is not the recipient")]
    NotRecipient,
    /// The caller's address is not verified.
    #[error("the caller's address is not verified")]
    EmailNotVerified,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unentitled> for RejectInvitationError {
    fn from(error: Unentitled) -> Self {
        match error {
            Unentitled::NotRecipient => Self::NotRecipient,
            Unentitled::EmailNotVerified => Self::EmailNotVerified,
        }
    }
}

impl Organizations {
    /// Rejects an invitation, which may have expired, and returns it.
    ///
    /// # Errors
    ///
    /// [`RejectInvitationError::NotFound`] also if another request answers it at the same time.
    pub async fn reject(
        &self,
        by: &StrictCaller,
        invitation: &InvitationId,
    ) -> Result<Invitation, RejectInvitationError> {
        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(RejectInvitationError::SessionEnded)?;
        let found = unit.invitations().find(invitation).await?;
        let found = found.filter(Invitation::is_pending);
        let found = found.ok_or(RejectInvitationError::NotFound)?;
        self.check_recipient(&found, by.user())?;
        let (from, to) = (InvitationStatus::Pending, InvitationStatus::Rejected);
        let settled = unit.invitations().settle(&found.id, from, to).await?;
        let rejected = settled.ok_or(RejectInvitationError::NotFound)?;
        unit.commit().await?;
        Ok(rejected)
    }
}

//! An invitation as its recipient reads it.

use portcullis_domain::{
    email::EmailAddress,
    organization::{Invitation, InvitationId, Organization},
};

use super::{super::Organizations, Unentitled};
use crate::{ports::Failure, session::StrictCaller};

/// An invitation as its recipient reads it.
#[derive(Clone, Debug)]
pub struct ReceivedInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The organization.
    pub organization: Organization,
    /// The address of the member who invited.
    pub inviter_email: EmailAddress,
}

/// Why an invitation was not returned.
#[derive(Debug, thiserror::Error)]
pub enum ReadInvitationError {
    /// There is no such invitation, it was answered or canceled, or it has expired.
    #[error("there is no open invitation")]
    NotFound,
    /// The invitation is addressed to another user.
    #[error("the caller is not the recipient")]
    NotRecipient,
    /// The caller's address is not verified.
    #[error("the caller's address is not verified")]
    EmailNotVerified,
    /// The user who invited is no longer a member.
    #[error("the inviter is no longer a member of the organization")]
    InviterLeft,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unentitled> for ReadInvitationError {
    fn from(error: Unentitled) -> Self {
        match error {
            Unentitled::NotRecipient => Self::NotRecipient,
            Unentitled::EmailNotVerified => Self::EmailNotVerified,
        }
    }
}

impl Organizations {
    /// Returns an open invitation of the caller.
    ///
    /// # Errors
    ///
    /// [`ReadInvitationError::NotRecipient`] for an invitation of another address.
    pub async fn invitation(
        &self,
        by: &StrictCaller,
        invitation: &InvitationId,
    ) -> Result<ReceivedInvitation, ReadInvitationError> {
        let now = self.clock.now();
        let mut db = self.store.autocommit();
        let found = db.invitations().find(invitation).await?;
        let invitation = found.filter(|found| found.is_open(now));
        let invitation = invitation.ok_or(ReadInvitationError::NotFound)?;
        self.check_recipient(&invitation, by.user())?;
        let organization = db.organizations().find(&invitation.organization_id).await?;
        let organization = organization.ok_or(ReadInvitationError::NotFound)?;
        let inviter = db
            .members()
            .find_of_user(&organization.id, &invitation.inviter_id)
            .await?;
        let inviter = inviter.ok_or(ReadInvitationError::InviterLeft)?;
        Ok(ReceivedInvitation {
            invitation,
            organization,
            inviter_email: inviter.user.email,
        })
    }
}

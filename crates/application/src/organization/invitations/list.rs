//! Lists of invitations.

use portcullis_domain::organization::{Invitation, InvitationWithOrganization, OrganizationId};

use super::super::{Organizations, named_or_active};
use crate::{ports::Failure, session::StrictCaller};

/// Why the invitations of an organization were not returned.
#[derive(Debug, thiserror::Error)]
pub enum ListInvitationsError {
    /// The request names no organization, and the caller has no active one.
    #[error("there is no organization to list")]
    NoOrganization,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Organizations {
    /// Returns all invitations to an organization, with any status, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ListInvitationsError::NotAMember`] also if there is no such organization.
    pub async fn list_invitations(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<Invitation>, ListInvitationsError> {
        let id = named_or_active(by, organization).ok_or(ListInvitationsError::NoOrganization)?;
        let mut db = self.store.autocommit();
        let membership = self.membership(db.as_mut(), by, &id).await?;
        let membership = membership.ok_or(ListInvitationsError::NotAMember)?;
        Ok(db.invitations().list(membership.id()).await?)
    }

    /// Returns the pending invitations of the caller's address, expired ones included, the oldest first. There are none as
    /// long as the caller must verify the address.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list_received(&self, by: &StrictCaller) -> Result<Vec<InvitationWithOrganization>, Failure> {
        if !self.may_receive(by.user()) {
            return Ok(Vec::new());
        }
        let mut db = self.store.autocommit();
        db.invitations().list_pending(&by.user().email).await
    }
}

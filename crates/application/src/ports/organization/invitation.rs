//! Storage of invitations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    organization::{Invitation, InvitationId, InvitationStatus, InvitationWithOrganization, OrganizationId},
};

use crate::ports::{Failure, WriteError};

/// Invitations to organizations.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait InvitationRepository: Send {
    /// Returns the invitation with this id, of any organization and with any status.
    async fn find(&mut self, invitation: &InvitationId) -> Result<Option<Invitation>, Failure>;

    /// Returns the oldest pending invitation of the address to the organization that expires after `now`. The address is
    /// compared as it is stored.
    async fn find_open(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure>;

    /// Returns the number of the organization's pending invitations that expire after `now`.
    async fn count_open(&mut self, organization: &OrganizationId, now: DateTime<Utc>)
    -> Result<u64, Failure>;

    /// Stores a new invitation, and returns it as it is stored.
    async fn insert(&mut self, invitation: &Invitation) -> Result<Invitation, WriteError>;

    /// Sets when a pending invitation expires. Returns the changed invitation, or `None` if it is not pending any more.
    async fn extend(
        &mut self,
        invitation: &InvitationId,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure>;

    /// Changes the status of an invitation that has the status `from`, in one statement. Returns the changed invitation,
    /// or `None` if its status is another one: of many parallel calls, one returns the invitation.
    async fn settle(
        &mut self,
        invitation: &InvitationId,
        from: InvitationStatus,
        to: InvitationStatus,
    ) -> Result<Option<Invitation>, Failure>;

    /// Returns all invitations to the organization, with any status; the oldest first, equally old ones by id.
    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Invitation>, Failure>;

    /// Returns the pending invitations of an address, expired ones included; the oldest first, equally old ones by id.
    /// The address is compared as it is stored.
    async fn list_pending(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Vec<InvitationWithOrganization>, Failure>;
}

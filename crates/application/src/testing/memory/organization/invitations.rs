//! Invitations to organizations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    organization::{Invitation, InvitationId, InvitationStatus, InvitationWithOrganization, OrganizationId},
};

use super::{
    super::{MemoryUnitOfWork, Rows},
    number, sort_by_age,
};
use crate::ports::{Failure, InvitationRepository, WriteError};

impl Rows {
    /// Returns the invitations that `is_selected` selects, the oldest first.
    fn invitations_that(&self, is_selected: impl Fn(&Invitation) -> bool) -> Vec<Invitation> {
        let selected = self.invitations.iter().filter(|row| is_selected(row));
        let mut selected: Vec<_> = selected.cloned().collect();
        sort_by_age(&mut selected, |row| (row.created_at, &row.id));
        selected
    }

    /// Changes an invitation if it has this status.
    fn change_invitation(
        &mut self,
        invitation: &InvitationId,
        status: InvitationStatus,
        change: impl FnOnce(&mut Invitation),
    ) -> Option<Invitation> {
        let mut invitations = self.invitations.iter_mut();
        let found = invitations.find(|row| row.id == *invitation && row.status == status)?;
        change(found);
        Some(found.clone())
    }
}

fn is_open_in(row: &Invitation, organization: &OrganizationId, now: DateTime<Utc>) -> bool {
    row.organization_id == *organization && row.is_pending() && row.expires_at > now
}

#[async_trait]
impl InvitationRepository for MemoryUnitOfWork {
    async fn find(&mut self, invitation: &InvitationId) -> Result<Option<Invitation>, Failure> {
        let is_it = |row: &&Invitation| row.id == *invitation;
        Ok(self.read(|rows| rows.invitations.iter().find(is_it).cloned()))
    }

    async fn find_open(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure> {
        let is_it = |row: &Invitation| is_open_in(row, organization, now) && row.email == *email;
        let open = self.read(|rows| rows.invitations_that(is_it));
        Ok(open.into_iter().next())
    }

    async fn count_open(
        &mut self,
        organization: &OrganizationId,
        now: DateTime<Utc>,
    ) -> Result<u64, Failure> {
        let open = self.read(|rows| rows.invitations_that(|row| is_open_in(row, organization, now)));
        Ok(number(open.len()))
    }

    async fn insert(&mut self, invitation: &Invitation) -> Result<Invitation, WriteError> {
        self.write(|rows| rows.invitations.push(invitation.clone()));
        Ok(invitation.clone())
    }

    async fn extend(
        &mut self,
        invitation: &InvitationId,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure> {
        Ok(self.write(|rows| {
            rows.change_invitation(invitation, InvitationStatus::Pending, |row| {
                row.expires_at = expires_at;
            })
        }))
    }

    async fn settle(
        &mut self,
        invitation: &InvitationId,
        from: InvitationStatus,
        to: InvitationStatus,
    ) -> Result<Option<Invitation>, Failure> {
        Ok(self.write(|rows| rows.change_invitation(invitation, from, |row| row.status = to)))
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Invitation>, Failure> {
        Ok(self.read(|rows| rows.invitations_that(|row| row.organization_id == *organization)))
    }

    async fn list_pending(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Vec<InvitationWithOrganization>, Failure> {
        Ok(self.read(|rows| {
            let pending = rows.invitations_that(|row| row.is_pending() && row.email == *email);
            let with_name = |invitation: Invitation| {
                let organization = rows.organization(&invitation.organization_id)?;
                Some(InvitationWithOrganization {
                    organization_name: organization.name.clone(),
                    invitation,
                })
            };
            pending.into_iter().filter_map(with_name).collect()
        }))
    }
}

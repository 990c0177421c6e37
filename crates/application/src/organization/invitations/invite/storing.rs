//! Storage of a new invitation, and extension or replacement of an open one.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    organization::{Invitation, InvitationStatus, NewInvitation},
};

use super::{InviteError, InviteMember};
use crate::{
    organization::{Membership, OrganizationOptions, Organizations, invitations::TeamPlace},
    ports::{RandomExt, Repositories},
};

impl Organizations {
    /// Gives an open invitation a full lifetime. Its roles stay, as in Better Auth.
    pub(super) async fn extend(
        &self,
        db: &mut dyn Repositories,
        open: Invitation,
        now: DateTime<Utc>,
    ) -> Result<Invitation, InviteError> {
        let expires_at = now + self.options.invitation_lifetime;
        let extended = db.invitations().extend(&open.id, expires_at).await?;
        // `None`: another program answered it for the recipient meanwhile, although the organization is locked.
        extended.ok_or(InviteError::AlreadyMember)
    }

    /// Cancels an open invitation, if the options allow it, so that a new one can be stored.
    pub(super) async fn replace_open(
        &self,
        db: &mut dyn Repositories,
        open: Option<Invitation>,
    ) -> Result<(), InviteError> {
        let Some(open) = open else {
            return Ok(());
        };
        if !self.options.cancels_open_invitations {
            return Err(InviteError::AlreadyInvited);
        }
        let (from, to) = (InvitationStatus::Pending, InvitationStatus::Canceled);
        db.invitations().settle(&open.id, from, to).await?;
        Ok(())
    }

    pub(super) async fn store_invitation(
        &self,
        db: &mut dyn Repositories,
        (membership, email): (&Membership<'_>, EmailAddress),
        command: InviteMember,
        now: DateTime<Utc>,
    ) -> Result<Invitation, InviteError> {
        let id = membership.id();
        let count = db.invitations().count_open(id, now).await?;
        if OrganizationOptions::is_full(count, Some(self.options.invitation_limit)) {
            return Err(InviteError::LimitReached);
        }
        let teams = self.options.teams.as_ref().map(|_| command.teams);
        let team_ids = teams.unwrap_or_default();
        for team in &team_ids {
            match self.team_place(db, id, team).await? {
                TeamPlace::Free(_) => {}
                TeamPlace::Full => return Err(InviteError::TeamLimitReached),
                TeamPlace::NotFound => return Err(InviteError::TeamNotFound),
            }
        }
        let new = NewInvitation {
            organization_id: id.clone(),
            email,
            role: command.role,
            team_ids,
            inviter_id: membership.caller().user().id.clone(),
            expires_at: now + self.options.invitation_lifetime,
            additional: command.additional,
        };
        let invitation = Invitation::new(new, self.random.id(), now);
        Ok(db.invitations().insert(&invitation).await?)
    }
}

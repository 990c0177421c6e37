//! Invitation of an e-mail address.

mod error;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    organization::{Invitation, InvitationStatus, NewInvitation, OrganizationId, TeamId, permission},
};

pub use self::error::InviteError;
use super::{
    super::{Membership, OrganizationOptions, Organizations, named_or_active},
    team_check::TeamPlace,
};
use crate::{
    ports::{RandomExt, Repositories},
    session::StrictCaller,
};

/// A caller's request to invite an address.
#[derive(Clone, Debug)]
pub struct InviteMember {
    /// The address.
    pub email: String,
    /// The roles of the new member.
    pub role: RoleList,
    /// The organization. `None`: the active one.
    pub organization: Option<OrganizationId>,
    /// Whether an open invitation is sent again.
    pub resends: bool,
    /// The teams of the new member. Ignored if teams are disabled.
    pub teams: Vec<TeamId>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

impl Organizations {
    /// Invites an address, or sends its open invitation again for a full lifetime. The invitation is sent by message.
    ///
    /// # Errors
    ///
    /// [`InviteError::RoleNotAllowed`] if a caller without the creator's role gives it, or a role that permits more than
    /// the caller's own.
    pub async fn invite(&self, by: &StrictCaller, command: InviteMember) -> Result<Invitation, InviteError> {
        let id = named_or_active(by, command.organization.clone());
        let id = id.ok_or(InviteError::NoOrganization)?;
        let email = EmailAddress::parse(&command.email).map_err(|_| InviteError::InvalidEmail)?;
        let now = self.clock.now();
        let may_send = self.may_send_invitation(by, &id, &email, now).await?;

        let (mut unit, membership) = self.begin_as_member(by, &id).await?;
        self.check_invitation(unit.as_mut(), &membership, &command.role)
            .await?;
        if unit.members().find_by_email(&id, &email).await?.is_some() {
            return Err(InviteError::AlreadyMember);
        }
        let open = unit.invitations().find_open(&id, &email, now).await?;
        let invitation = match open {
            Some(open) if command.resends => self.extend(unit.as_mut(), open, now).await?,
            open => {
                self.replace_open(unit.as_mut(), open).await?;
                let places = (&membership, email);
                self.store_invitation(unit.as_mut(), places, command, now).await?
            }
        };
        if may_send {
            self.queue_invitation(unit.as_mut(), &membership, &invitation, now)
                .await?;
        }
        self.messages.commit(unit).await?;
        Ok(invitation)
    }

    /// Checks whether the caller may invite a member with these roles.
    async fn check_invitation(
        &self,
        db: &mut dyn Repositories,
        membership: &Membership<'_>,
        role: &RoleList,
    ) -> Result<(), InviteError> {
        if !membership.may(permission::CREATE_INVITATION) {
            return Err(InviteError::NotAllowed);
        }
        let unknown = self.unknown_roles(db, membership.id(), role).await?;
        if !unknown.is_empty() {
            return Err(InviteError::RoleNotFound(unknown));
        }
        if !self.may_give(db, membership, role).await? {
            return Err(InviteError::RoleNotAllowed);
        }
        Ok(())
    }

    /// Gives an open invitation a full lifetime. Its roles stay, as in Better Auth.
    async fn extend(
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
    async fn replace_open(
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

    async fn store_invitation(
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

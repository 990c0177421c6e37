//! Invitation of an e-mail address.

mod error;
mod storing;

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    organization::{Invitation, OrganizationId, TeamId, permission},
};

pub use self::error::InviteError;
use super::super::{Membership, Organizations, named_or_active};
use crate::{ports::Repositories, session::StrictCaller};

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
}

//! Invitations to organizations.

use chrono::{DateTime, Utc};

use super::{OrganizationId, TeamId};
use crate::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    id::{Id, UserId},
};

/// The id of an [`Invitation`].
pub type InvitationId = Id<Invitation>;

/// The separator of the teams of an invitation, in storage and on the wire.
const SEPARATOR: &str = ",";

/// What happened to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationStatus {
    /// The recipient has not answered.
    Pending,
    /// The recipient is a member.
    Accepted,
    /// The recipient declined.
    Rejected,
    /// The organization withdrew it.
    Canceled,
}

impl InvitationStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Rejected, Self::Canceled];

    /// Returns the text in storage and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Canceled => "canceled",
        }
    }

    /// Reads a stored text. An unknown text is read as [`InvitationStatus::Canceled`], which permits nothing.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        let known = Self::ALL.into_iter().find(|status| status.name() == text);
        known.unwrap_or(Self::Canceled)
    }
}

/// An invitation of an e-mail address to an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    /// The invitation's id, which never changes. It is in the link that the recipient follows.
    pub id: InvitationId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The recipient's address, in lower case if this server or Better Auth wrote it.
    pub email: EmailAddress,
    /// The roles of the new member. `None`: another program stored none.
    pub role: Option<RoleList>,
    /// The teams of the new member.
    pub team_ids: Vec<TeamId>,
    /// What happened to it.
    pub status: InvitationStatus,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The member who invited.
    pub inviter_id: UserId,
    /// The values of the fields that the deployment adds.
    pub additional: AdditionalFields,
}

/// What a new invitation starts with.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The recipient's address.
    pub email: EmailAddress,
    /// The roles of the new member.
    pub role: RoleList,
    /// The teams of the new member.
    pub team_ids: Vec<TeamId>,
    /// The member who invites.
    pub inviter_id: UserId,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

/// An invitation, and the name of its organization.
#[derive(Clone, Debug, PartialEq)]
pub struct InvitationWithOrganization {
    /// The invitation.
    pub invitation: Invitation,
    /// The organization's name.
    pub organization_name: String,
}

impl Invitation {
    /// The names of an invitation's members without additional fields, as they stand in JSON and as columns, in the order
    /// of Better Auth's JSON. Additional fields stand before the last one. `teamId` exists only if teams are enabled.
    pub const MEMBERS: [&str; 9] = [
        "organizationId",
        "email",
        "role",
        "teamId",
        "status",
        "expiresAt",
        "createdAt",
        "inviterId",
        "id",
    ];

    /// Creates a pending invitation.
    #[must_use]
    pub fn new(new: NewInvitation, id: InvitationId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            organization_id: new.organization_id,
            email: new.email,
            role: Some(new.role),
            team_ids: new.team_ids,
            status: InvitationStatus::Pending,
            expires_at: new.expires_at,
            created_at: now,
            inviter_id: new.inviter_id,
            additional: new.additional,
        }
    }

    /// Returns whether the recipient has not answered and the invitation has not expired.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.is_pending() && self.expires_at >= now
    }

    /// Returns whether the recipient has not answered. The invitation may have expired.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.status == InvitationStatus::Pending
    }

    /// Returns whether the invitation is addressed to this address. Upper and lower case do not differ.
    #[must_use]
    pub fn is_addressed_to(&self, email: &EmailAddress) -> bool {
        self.email.as_str().eq_ignore_ascii_case(email.as_str())
    }

    /// Returns the teams as they are stored. `None`: there is no team.
    #[must_use]
    pub fn team_text(&self) -> Option<String> {
        let teams: Vec<_> = self.team_ids.iter().map(Id::as_str).collect();
        (!teams.is_empty()).then(|| teams.join(SEPARATOR))
    }
}

/// Reads the teams of an invitation from their stored text.
#[must_use]
pub fn invitation_teams(text: Option<&str>) -> Vec<TeamId> {
    let text = text.unwrap_or_default();
    let teams = text.split(SEPARATOR).filter(|team| !team.is_empty());
    teams.map(TeamId::new).collect()
}

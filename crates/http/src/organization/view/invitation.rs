//! The JSON of an invitation.

use portcullis_domain::{
    access::RoleList,
    organization::{Invitation, InvitationWithOrganization},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::Presenter;
use crate::view::{Shown, date::Date};

/// The JSON of an invitation.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::option_option,
    reason = "without teams there is no member; without a team it is `null`"
)]
#[schemars(rename = "Invitation", description = "An invitation to an organization")]
pub(in crate::organization) struct InvitationView<'a> {
    organization_id: &'a str,
    email: &'a str,
    role: Option<String>,
    /// The teams of the new member, if teams are enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    team_id: Option<Option<String>>,
    status: &'static str,
    expires_at: Date,
    created_at: Date,
    inviter_id: &'a str,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

/// The JSON of an invitation that the caller received.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(
    rename = "ReceivedInvitation",
    description = "An invitation, and the name of its organization"
)]
pub(in crate::organization) struct ReceivedInvitationView<'a> {
    #[serde(flatten)]
    invitation: InvitationView<'a>,
    organization_name: &'a str,
}

/// The JSON of an invitation with its organization and its inviter.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline, description = "The invitation, with its organization and its inviter")]
pub(in crate::organization) struct InvitationOfOrganizationView<'a> {
    #[serde(flatten)]
    pub(in crate::organization) invitation: InvitationView<'a>,
    pub(in crate::organization) organization_name: &'a str,
    pub(in crate::organization) organization_slug: &'a str,
    pub(in crate::organization) inviter_email: &'a str,
}

impl<'a> Presenter<'a> {
    /// Returns the JSON of an invitation.
    pub(in crate::organization) fn invitation(self, invitation: &'a Invitation) -> InvitationView<'a> {
        InvitationView {
            organization_id: invitation.organization_id.as_str(),
            email: invitation.email.as_str(),
            role: invitation.role.as_ref().map(RoleList::to_string),
            team_id: self.has_teams.then(|| invitation.team_text()),
            status: invitation.status.name(),
            expires_at: invitation.expires_at.into(),
            created_at: invitation.created_at.into(),
            inviter_id: invitation.inviter_id.as_str(),
            additional: Shown::new(&self.fields.invitation, &invitation.additional),
            id: invitation.id.as_str(),
        }
    }

    /// Returns the JSON of an invitation that the caller received.
    pub(in crate::organization) fn received_invitation(
        self,
        received: &'a InvitationWithOrganization,
    ) -> ReceivedInvitationView<'a> {
        ReceivedInvitationView {
            invitation: self.invitation(&received.invitation),
            organization_name: &received.organization_name,
        }
    }
}

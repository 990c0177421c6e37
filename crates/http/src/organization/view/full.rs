//! The JSON of an organization with everything that belongs to it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    invitation::InvitationView, member::MemberWithUserView, of_organization::OrganizationView, team::TeamView,
};

/// The JSON of an organization with its invitations, its members and, if they are enabled, its teams.
#[derive(JsonSchema, Serialize)]
#[schemars(
    inline,
    description = "The organization with its invitations, members and teams"
)]
pub(in crate::organization) struct FullOrganizationView<'a> {
    #[serde(flatten)]
    pub(in crate::organization) organization: OrganizationView<'a>,
    pub(in crate::organization) invitations: Vec<InvitationView<'a>>,
    pub(in crate::organization) members: Vec<MemberWithUserView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::organization) teams: Option<Vec<TeamView<'a>>>,
}

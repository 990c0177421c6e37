//! The JSON of a team and of its members.

use portcullis_domain::organization::{Team, TeamMember};
use schemars::JsonSchema;
use serde::Serialize;

use super::Presenter;
use crate::view::{Shown, date::Date};

/// The JSON of a team.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Team", description = "A team of an organization")]
pub(in crate::organization) struct TeamView<'a> {
    name: &'a str,
    organization_id: &'a str,
    created_at: Date,
    updated_at: Option<Date>,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

/// The JSON of a user's membership of a team.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TeamMember", description = "A user's membership of a team")]
pub(in crate::organization) struct TeamMemberView<'a> {
    team_id: &'a str,
    user_id: &'a str,
    created_at: Option<Date>,
    id: &'a str,
}

impl<'a> Presenter<'a> {
    /// Returns the JSON of a team.
    pub(in crate::organization) fn team(self, team: &'a Team) -> TeamView<'a> {
        TeamView {
            name: &team.name,
            organization_id: team.organization_id.as_str(),
            created_at: team.created_at.into(),
            updated_at: team.updated_at.map(Date::from),
            additional: Shown::new(&self.fields.team, &team.additional),
            id: team.id.as_str(),
        }
    }
}

impl<'a> From<&'a TeamMember> for TeamMemberView<'a> {
    fn from(member: &'a TeamMember) -> Self {
        Self {
            team_id: member.team_id.as_str(),
            user_id: member.user_id.as_str(),
            created_at: member.created_at.map(Date::from),
            id: member.id.as_str(),
        }
    }
}

//! The fields that the feature adds to sessions, and those that a deployment adds to its tables.

use crate::{
    additional::{AdditionalFields, FieldDefinition, FieldKind, FieldSchema},
    id::Id,
    session::Session,
};

use super::{OrganizationId, TeamId};

/// The member of a session that names the organization in which the user works.
pub const ACTIVE_ORGANIZATION_ID: &str = "activeOrganizationId";
/// The member of a session that names the team in which the user works.
pub const ACTIVE_TEAM_ID: &str = "activeTeamId";

/// The fields that a deployment adds to the tables of organizations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationFields {
    /// Of organizations.
    pub organization: FieldSchema,
    /// Of members.
    pub member: FieldSchema,
    /// Of invitations.
    pub invitation: FieldSchema,
    /// Of teams.
    pub team: FieldSchema,
    /// Of roles that organizations create.
    pub role: FieldSchema,
}

/// The members that the plugin adds to sessions. New sessions have no value of them, as in Better Auth.
#[must_use]
pub fn session_fields(has_teams: bool) -> Vec<FieldDefinition> {
    let field = |name: &str| FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None,
        is_input: false,
        is_returned: true,
        is_unique: false,
    };
    let mut fields = vec![field(ACTIVE_ORGANIZATION_ID)];
    fields.extend(has_teams.then(|| field(ACTIVE_TEAM_ID)));
    fields
}

impl Session {
    /// Returns the organization in which the user works.
    #[must_use]
    pub fn active_organization(&self) -> Option<OrganizationId> {
        active(&self.additional, ACTIVE_ORGANIZATION_ID)
    }

    /// Returns the team in which the user works.
    #[must_use]
    pub fn active_team(&self) -> Option<TeamId> {
        active(&self.additional, ACTIVE_TEAM_ID)
    }
}

fn active<Kind>(fields: &AdditionalFields, name: &str) -> Option<Id<Kind>> {
    let id = fields.get(name).as_str().filter(|id| !id.is_empty())?;
    Some(Id::new(id))
}

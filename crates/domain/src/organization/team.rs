//! Teams of organizations.

use chrono::{DateTime, Utc};

use super::OrganizationId;
use crate::{
    additional::AdditionalFields,
    id::{Id, UserId},
};

/// The id of a [`Team`].
pub type TeamId = Id<Team>;
/// The id of a [`TeamMember`].
pub type TeamMemberId = Id<TeamMember>;

/// A team of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// The team's id, which never changes.
    pub id: TeamId,
    /// The name that users read.
    pub name: String,
    /// The organization.
    pub organization_id: OrganizationId,
    /// When the team was created.
    pub created_at: DateTime<Utc>,
    /// When the team was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The values of the fields that the deployment adds.
    pub additional: AdditionalFields,
}

/// Changes of a team; `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeamPatch {
    /// The new name.
    pub name: Option<String>,
    /// New values of additional fields; fields that are not in it are unchanged.
    pub additional: AdditionalFields,
}

impl Team {
    /// The names of a team's members without additional fields, as they stand in JSON and as columns, in the order of
    /// Better Auth's JSON. Additional fields stand before the last one.
    pub const MEMBERS: [&str; 5] = ["name", "organizationId", "createdAt", "updatedAt", "id"];
}

/// A user's membership of a team.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamMember {
    /// The id of the membership, which never changes.
    pub id: TeamMemberId,
    /// The team.
    pub team_id: TeamId,
    /// The user.
    pub user_id: UserId,
    /// When the user joined the team.
    pub created_at: Option<DateTime<Utc>>,
}

impl TeamMember {
    /// The names of a team member's members, as they stand in JSON and as columns, in the order of Better Auth's JSON.
    pub const MEMBERS: [&str; 4] = ["teamId", "userId", "createdAt", "id"];
}

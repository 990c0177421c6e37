//! Storage of teams. It is used only if teams are enabled: a database without them has no tables of teams.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    organization::{OrganizationId, Team, TeamId, TeamMember, TeamPatch},
};

use crate::ports::{Failure, WriteError};

/// Teams and their members.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait TeamRepository: Send {
    /// Returns the team with this id. `None` also for a team of another organization.
    async fn find(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<Option<Team>, Failure>;

    /// Returns the team with this id, of any organization.
    async fn find_anywhere(&mut self, team: &TeamId) -> Result<Option<Team>, Failure>;

    /// Stores a new team, and returns it as it is stored. If a unique field is taken, the unit of work stays usable.
    async fn insert(&mut self, team: &Team) -> Result<Team, WriteError>;

    /// Changes a team of the organization. Returns the changed team, or `None` if the organization has no such team. If a
    /// unique field is taken, the unit of work stays usable.
    async fn update(
        &mut self,
        organization: &OrganizationId,
        team: &TeamId,
        patch: &TeamPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<Team>, WriteError>;

    /// Deletes a team of the organization with its members. Returns whether there was one.
    async fn delete(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<bool, Failure>;

    /// Returns the teams of the organization; the oldest first, equally old ones by id.
    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Team>, Failure>;

    /// Returns the number of the organization's teams.
    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure>;

    /// Returns the teams of the user in all organizations, each once; the oldest membership first, those without a time
    /// before all others, equally old ones with the oldest team first, then by the team's id.
    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Team>, Failure>;

    /// Returns the user's membership of the team; of several rows, the one with the smallest id.
    async fn find_member(&mut self, team: &TeamId, user: &UserId) -> Result<Option<TeamMember>, Failure>;

    /// Stores a new member of a team, and returns it as it is stored. The caller has locked the organization and found
    /// that the user is not a member of the team.
    async fn insert_member(&mut self, member: &TeamMember) -> Result<TeamMember, Failure>;

    /// Deletes the user's membership of the team: every row, if there are several. Returns whether there was one.
    async fn remove_member(&mut self, team: &TeamId, user: &UserId) -> Result<bool, Failure>;

    /// Deletes the user's memberships of all teams of the organization.
    async fn remove_user(&mut self, organization: &OrganizationId, user: &UserId) -> Result<(), Failure>;

    /// Returns the members of the team; the oldest first, equally old ones by id.
    async fn list_members(&mut self, team: &TeamId) -> Result<Vec<TeamMember>, Failure>;

    /// Returns the number of users who are members of the team.
    async fn count_members(&mut self, team: &TeamId) -> Result<u64, Failure>;
}

//! Members of organizations who join and leave teams.

use portcullis_domain::{
    id::UserId,
    organization::{TeamId, TeamMember, permission},
};

use super::{TeamMemberError, Teams};
use crate::{ports::UnitOfWork, session::StrictCaller};

impl Teams {
    /// Adds a member of the caller's active organization to one of its teams. A user who is in the team stays in it.
    ///
    /// # Errors
    ///
    /// If the caller may not add members, the user is not a member, or the team is full.
    pub async fn add_member(
        &self,
        by: &StrictCaller,
        team: &TeamId,
        user: &UserId,
    ) -> Result<TeamMember, TeamMemberError> {
        let mut unit = self.begin(by, team, user, permission::UPDATE_MEMBER).await?;
        if let Some(member) = unit.teams().find_member(team, user).await? {
            return Ok(member);
        }
        if let Some(maximum) = self.options.maximum_members
            && unit.teams().count_members(team).await? >= u64::from(maximum)
        {
            return Err(TeamMemberError::LimitReached);
        }
        let member = TeamMember {
            id: self.organizations.new_id(),
            team_id: team.clone(),
            user_id: user.clone(),
            created_at: Some(self.organizations.clock.now()),
        };

        let member = unit.teams().insert_member(&member).await?;
        unit.commit().await?;
        Ok(member)
    }

    /// Removes a member of the caller's active organization from one of its teams.
    ///
    /// # Errors
    ///
    /// If the caller may not remove members, or the user is not in the team.
    pub async fn remove_member(
        &self,
        by: &StrictCaller,
        team: &TeamId,
        user: &UserId,
    ) -> Result<(), TeamMemberError> {
        let mut unit = self.begin(by, team, user, permission::DELETE_MEMBER).await?;
        if !unit.teams().remove_member(team, user).await? {
            return Err(TeamMemberError::NotInTeam);
        }
        Ok(unit.commit().await?)
    }

    /// Begins a change of the team's members: the caller may make it, and the user and the team belong to the caller's
    /// active organization.
    async fn begin(
        &self,
        by: &StrictCaller,
        team: &TeamId,
        user: &UserId,
        permission: permission::Permission,
    ) -> Result<Box<dyn UnitOfWork>, TeamMemberError> {
        let organization = by.session().active_organization();
        let organization = organization.ok_or(TeamMemberError::NoOrganization)?;
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        if !membership.may(permission) {
            return Err(TeamMemberError::NotAllowed);
        }
        if unit.members().find_of_user(&organization, user).await?.is_none() {
            return Err(TeamMemberError::NotAMember);
        }
        if unit.teams().find(&organization, team).await?.is_none() {
            return Err(TeamMemberError::NotFound);
        }
        Ok(unit)
    }
}

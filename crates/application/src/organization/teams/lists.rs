//! Lists of teams and of their members.

use portcullis_domain::organization::{OrganizationId, Team, TeamId, TeamMember};

use super::{ListTeamMembersError, ListTeamsError, Teams, is_in_team};
use crate::{organization::named_or_active, ports::Failure, session::StrictCaller};

impl Teams {
    /// Returns the teams of an organization, the oldest first.
    ///
    /// # Errors
    ///
    /// If the caller is not a member of the organization.
    pub async fn list(
        &self,
        by: &StrictCaller,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<Team>, ListTeamsError> {
        let organization = named_or_active(by, organization).ok_or(ListTeamsError::NoOrganization)?;
        let mut store = self.organizations.store.autocommit();
        let membership = self
            .organizations
            .membership(store.as_mut(), by, &organization)
            .await?;
        if membership.is_none() {
            return Err(ListTeamsError::NotAMember);
        }
        Ok(store.teams().list(&organization).await?)
    }

    /// Returns the teams of the caller in all organizations of which the caller is a member.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list_of_caller(&self, by: &StrictCaller) -> Result<Vec<Team>, Failure> {
        let mut store = self.organizations.store.autocommit();
        let user = &by.user().id;
        let mut teams = store.teams().list_of_user(user).await?;
        let organizations = store.organizations().list_of_user(user).await?;
        teams.retain(|team| organizations.iter().any(|it| it.id == team.organization_id));
        Ok(teams)
    }

    /// Returns the members of a team; `None` is the team in which the caller works.
    ///
    /// # Errors
    ///
    /// If the caller is not a member of the team.
    pub async fn list_members(
        &self,
        by: &StrictCaller,
        team: Option<TeamId>,
    ) -> Result<Vec<TeamMember>, ListTeamMembersError> {
        let named = team.filter(|id| !id.as_str().is_empty());
        let team = named
            .or_else(|| by.session().active_team())
            .ok_or(ListTeamMembersError::NoTeam)?;
        let mut store = self.organizations.store.autocommit();
        let found = store.teams().find_anywhere(&team).await?;
        let team = found.ok_or(ListTeamMembersError::NotInTeam)?;
        if !is_in_team(store.as_mut(), &team, &by.user().id).await? {
            return Err(ListTeamMembersError::NotInTeam);
        }
        Ok(store.teams().list_members(&team.id).await?)
    }
}

//! Lists of teams and of their members.

use portcullis_domain::organization::{OrganizationId, Team, TeamId, TeamMember};

use super::{ListTeamMembersError, ListTeamsError, Teams};
use crate::{organization::named_or_active, ports::Failure, session::StrictCaller};

impl Teams {
    /// Returns the teams of an organization, the oldest first.
    ///
    /// # Errors
    ///
    /// If the caller is no member of the organization.
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

    /// Returns the teams of the caller in all organizations.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list_of_caller(&self, by: &StrictCaller) -> Result<Vec<Team>, Failure> {
        let mut store = self.organizations.store.autocommit();
        store.teams().list_of_user(&by.user().id).await
    }

    /// Returns the members of a team; `None` is the team in which the caller works.
    ///
    /// # Errors
    ///
    /// If the caller is no member of the team.
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
        if store.teams().find_member(&team, &by.user().id).await?.is_none() {
            return Err(ListTeamMembersError::NotInTeam);
        }
        Ok(store.teams().list_members(&team).await?)
    }
}

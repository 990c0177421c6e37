//! Removal of teams.

use portcullis_domain::organization::{OrganizationId, TeamId, permission};

use super::{RemoveTeamError, Teams};
use crate::{organization::named_or_active, session::StrictCaller};

impl Teams {
    /// Removes a team with its members. `organization` is the one that the request names, if any.
    ///
    /// # Errors
    ///
    /// If the caller may not remove it, or it is the last team.
    pub async fn remove(
        &self,
        by: &StrictCaller,
        organization: &OrganizationId,
        team: &TeamId,
    ) -> Result<(), RemoveTeamError> {
        let (mut unit, membership) = self.organizations.begin_as_member(by, organization).await?;
        if by.session().active_team().as_ref() == Some(team) {
            return Err(RemoveTeamError::IsActive);
        }
        if !membership.may(permission::DELETE_TEAM) {
            return Err(RemoveTeamError::NotAllowed);
        }
        if unit.teams().find(organization, team).await?.is_none() {
            return Err(RemoveTeamError::NotFound);
        }
        if !self.options.allows_removing_all && unit.teams().count(organization).await? <= 1 {
            return Err(RemoveTeamError::LastTeam);
        }

        unit.teams().delete(organization, team).await?;
        Ok(unit.commit().await?)
    }

    /// Returns the organization of a removal: the one that the request names, or the one in which the caller works.
    #[must_use]
    pub fn organization_of(
        by: Option<&StrictCaller>,
        organization: Option<OrganizationId>,
    ) -> Option<OrganizationId> {
        match by {
            Some(by) => named_or_active(by, organization),
            None => organization.filter(|id| !id.as_str().is_empty()),
        }
    }
}

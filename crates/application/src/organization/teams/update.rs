//! Change of teams.

use portcullis_domain::organization::{OrganizationId, Team, TeamId, TeamPatch, permission};

use super::{Teams, UpdateTeamError};
use crate::{organization::named_or_active, ports::WriteError, session::StrictCaller};

/// Changes of a team.
#[derive(Clone, Debug)]
pub struct UpdateTeam {
    /// The organization. `None`: the one in which the caller works.
    pub organization: Option<OrganizationId>,
    /// The team.
    pub team: TeamId,
    /// The changes.
    pub patch: TeamPatch,
}

impl Teams {
    /// Changes a team. `None`: the request names no organization, and the caller works in none.
    ///
    /// # Errors
    ///
    /// If the caller may not change it, or the organization has no such team.
    pub async fn update(
        &self,
        by: &StrictCaller,
        change: UpdateTeam,
    ) -> Result<Option<Team>, UpdateTeamError> {
        let Some(organization) = named_or_active(by, change.organization) else {
            return Ok(None);
        };
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        if !membership.may(permission::UPDATE_TEAM) {
            return Err(UpdateTeamError::NotAllowed);
        }
        let now = self.organizations.clock.now();

        let updated = unit
            .teams()
            .update(&organization, &change.team, &change.patch, now)
            .await?;
        let team = updated.ok_or(UpdateTeamError::NotFound)?;
        unit.commit().await?;
        Ok(Some(team))
    }
}

impl From<WriteError> for UpdateTeamError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

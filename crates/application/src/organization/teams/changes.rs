//! Creation, change and removal of teams.

use portcullis_domain::{
    additional::AdditionalFields,
    organization::{OrganizationId, Team, TeamId, TeamPatch, permission},
};

use super::{CreateTeamError, RemoveTeamError, Teams, UpdateTeamError};
use crate::{organization::named_or_active, ports::WriteError, session::StrictCaller};

/// A new team.
#[derive(Clone, Debug)]
pub struct CreateTeam {
    /// The organization. `None`: the one in which the caller works.
    pub organization: Option<OrganizationId>,
    /// The name that users read.
    pub name: String,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

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
    /// Creates a team. The caller does not become a member of it, as in Better Auth.
    ///
    /// # Errors
    ///
    /// If the caller may not create one, or the organization has too many.
    pub async fn create(&self, by: &StrictCaller, new: CreateTeam) -> Result<Team, CreateTeamError> {
        let organization = named_or_active(by, new.organization).ok_or(CreateTeamError::NoOrganization)?;
        let (mut unit, membership) = self.organizations.begin_as_member(by, &organization).await?;
        if !membership.may(permission::CREATE_TEAM) {
            return Err(CreateTeamError::NotAllowed);
        }
        if let Some(maximum) = self.options.maximum_teams
            && unit.teams().count(&organization).await? >= u64::from(maximum)
        {
            return Err(CreateTeamError::LimitReached);
        }
        let now = self.organizations.clock.now();
        let team = Team {
            id: self.organizations.new_id(),
            name: new.name,
            organization_id: organization,
            created_at: now,
            updated_at: Some(now),
            additional: new.additional,
        };

        let team = unit.teams().insert(&team).await?;
        unit.commit().await?;
        Ok(team)
    }

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

impl From<WriteError> for CreateTeamError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
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

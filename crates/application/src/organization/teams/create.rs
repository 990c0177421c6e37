//! Creation of teams.

use portcullis_domain::{
    additional::AdditionalFields,
    organization::{OrganizationId, Team, permission},
};

use super::{CreateTeamError, Teams};
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
}

impl From<WriteError> for CreateTeamError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Places in teams for new members.

use portcullis_domain::organization::{OrganizationId, Team, TeamId};

use super::super::{OrganizationOptions, Organizations};
use crate::ports::{Failure, Repositories};

/// Whether a team can get one more member.
pub(crate) enum TeamPlace {
    /// It can.
    Free(Team),
    /// It has as many members as a team may have.
    Full,
    /// The organization has no such team.
    NotFound,
}

impl Organizations {
    /// Returns whether a team of a locked organization can get one more member. Teams must be enabled.
    pub(in crate::organization) async fn team_place(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
        team: &TeamId,
    ) -> Result<TeamPlace, Failure> {
        let Some(found) = db.teams().find(organization, team).await? else {
            return Ok(TeamPlace::NotFound);
        };
        let maximum = self
            .options
            .teams
            .as_ref()
            .and_then(|teams| teams.maximum_members);
        let count = match maximum {
            Some(_) => db.teams().count_members(team).await?,
            None => 0,
        };
        if OrganizationOptions::is_full(count, maximum) {
            return Ok(TeamPlace::Full);
        }
        Ok(TeamPlace::Free(found))
    }
}

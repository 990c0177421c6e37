//! Places in teams for new members.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    organization::{OrganizationId, Team, TeamId, TeamMember},
};

use super::super::{OrganizationOptions, Organizations};
use crate::ports::{Failure, RandomExt, Repositories};

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

    /// Makes a user a member of a team, unless the user already is one.
    pub(in crate::organization) async fn join_team(
        &self,
        db: &mut dyn Repositories,
        team: TeamId,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        if db.teams().find_member(&team, user).await?.is_some() {
            return Ok(());
        }
        let member = TeamMember {
            id: self.random.id(),
            team_id: team,
            user_id: user.clone(),
            created_at: Some(now),
        };
        db.teams().insert_member(&member).await?;
        Ok(())
    }
}

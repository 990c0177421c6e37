//! Rows of members of teams.

use diesel::{dsl, prelude::*};
use portcullis_application::ports::{Failure, WriteError};
use portcullis_domain::{
    id::UserId,
    organization::{OrganizationId, TeamId, TeamMember, TeamMemberId},
};
use serde_json::json;

use super::{count, may_be_stored};
use crate::{
    additional::{Insert, time},
    schema::{team_members, teams},
    stored_id::StoredId,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = team_members)]
struct Row {
    id: StoredId,
    team_id: StoredId,
    user_id: StoredId,
    created_at: Option<Timestamp>,
}

impl From<Row> for TeamMember {
    fn from(row: Row) -> Self {
        Self {
            id: TeamMemberId::new(row.id.0),
            team_id: TeamId::new(row.team_id.0),
            user_id: UserId::new(row.user_id.0),
            created_at: row.created_at.map(Into::into),
        }
    }
}

impl PgUnitOfWork {
    pub(super) async fn find_in_team(
        &mut self,
        team: &TeamId,
        user: &UserId,
    ) -> Result<Option<TeamMember>, Failure> {
        if !may_be_stored([team.as_str(), user.as_str()]) {
            return Ok(None);
        }
        let (team, user) = (team.clone(), user.clone());
        self.run("teams.find_member", move |connection| {
            team_members::table
                .filter(team_members::team_id.eq(team.as_str()))
                .filter(team_members::user_id.eq(user.as_str()))
                .order(team_members::id)
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(TeamMember::from))
    }

    pub(super) async fn insert_in_team(&mut self, member: &TeamMember) -> Result<TeamMember, Failure> {
        let insertion = Insert::into(
            "teamMember",
            [
                ("id", json!(member.id.as_str())),
                ("teamId", json!(member.team_id.as_str())),
                ("userId", json!(member.user_id.as_str())),
                ("createdAt", json!(member.created_at.map(time))),
            ],
        )?
        .returning(Row::as_select());
        self.run_write_once("teams.insert_member", move |connection| {
            insertion.get_result::<Row>(connection)
        })
        .await
        .map(TeamMember::from)
        .map_err(WriteError::into_failure)
    }

    pub(super) async fn remove_from_team(&mut self, team: &TeamId, user: &UserId) -> Result<bool, Failure> {
        if !may_be_stored([team.as_str(), user.as_str()]) {
            return Ok(false);
        }
        let (team, user) = (team.clone(), user.clone());
        self.run_deletion_once("teams.remove_member", move |connection| {
            let rows = team_members::table
                .filter(team_members::team_id.eq(team.as_str()))
                .filter(team_members::user_id.eq(user.as_str()));
            diesel::delete(rows).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    pub(super) async fn remove_from_all_teams(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<(), Failure> {
        if !may_be_stored([organization.as_str(), user.as_str()]) {
            return Ok(());
        }
        let (organization, user) = (organization.clone(), user.clone());
        self.run_deletion("teams.remove_user", move |connection| {
            let teams = teams::table
                .filter(teams::organization_id.eq(organization.as_str()))
                .select(teams::id);
            let rows = team_members::table
                .filter(team_members::user_id.eq(user.as_str()))
                .filter(team_members::team_id.eq_any(teams));
            diesel::delete(rows).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    pub(super) async fn list_in_team(&mut self, team: &TeamId) -> Result<Vec<TeamMember>, Failure> {
        if !may_be_stored([team.as_str()]) {
            return Ok(Vec::new());
        }
        let team = team.clone();
        self.run("teams.list_members", move |connection| {
            team_members::table
                .filter(team_members::team_id.eq(team.as_str()))
                .order((team_members::created_at.asc().nulls_first(), team_members::id))
                .select(Row::as_select())
                .load(connection)
        })
        .await
        .map(|rows| rows.into_iter().map(TeamMember::from).collect())
    }

    pub(super) async fn count_in_team(&mut self, team: &TeamId) -> Result<u64, Failure> {
        if !may_be_stored([team.as_str()]) {
            return Ok(0);
        }
        let team = team.clone();
        self.run("teams.count_members", move |connection| {
            team_members::table
                .filter(team_members::team_id.eq(team.as_str()))
                .select(dsl::count(team_members::user_id).aggregate_distinct())
                .get_result(connection)
        })
        .await
        .map(count)
    }
}

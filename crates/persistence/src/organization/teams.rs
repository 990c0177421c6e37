//! Teams of organizations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{Failure, TeamRepository, WriteError};
use portcullis_domain::{
    id::UserId,
    organization::{OrganizationId, Team, TeamId, TeamMember, TeamPatch},
};
use serde_json::{Value, json};

use super::{count, may_be_stored, table};
use crate::{
    additional::{Change, Columns, Insert, time},
    schema::{team_members, teams},
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = teams)]
struct Row {
    id: StoredId,
    name: String,
    organization_id: StoredId,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
}

/// A row, and the values of the declared columns.
type Whole = (Row, Option<Value>);

/// Changes of the built-in columns. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = teams)]
struct Changes {
    name: Option<String>,
    updated_at: DateTime<Utc>,
}

fn whole((row, declared): Whole, columns: &Columns) -> Team {
    Team {
        id: TeamId::new(row.id.0),
        name: row.name,
        organization_id: OrganizationId::new(row.organization_id.0),
        created_at: row.created_at.into(),
        updated_at: row.updated_at.map(Into::into),
        additional: columns.read(declared),
    }
}

/// Returns each team of several rows once, at its first place.
fn distinct(teams: impl Iterator<Item = Team>) -> Vec<Team> {
    let mut distinct: Vec<Team> = Vec::new();
    for team in teams {
        if !distinct.iter().any(|known| known.id == team.id) {
            distinct.push(team);
        }
    }
    distinct
}

#[async_trait]
impl TeamRepository for PgUnitOfWork {
    async fn find(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<Option<Team>, Failure> {
        let found = self.find_anywhere(team).await?;
        Ok(found.filter(|team| team.organization_id == *organization))
    }

    async fn find_anywhere(&mut self, team: &TeamId) -> Result<Option<Team>, Failure> {
        if !may_be_stored([team.as_str()]) {
            return Ok(None);
        }
        let (team, columns) = (team.clone(), self.fields().of_table(table::TEAM));
        self.run("teams.find", move |connection| {
            teams::table
                .filter(teams::id.eq(team.as_str()))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn insert(&mut self, team: &Team) -> Result<Team, WriteError> {
        let columns = self.fields().of_table(table::TEAM);
        let insertion = Insert::new(
            &columns,
            &team.additional,
            [
                ("id", json!(team.id.as_str())),
                ("name", json!(team.name)),
                ("organizationId", json!(team.organization_id.as_str())),
                ("createdAt", time(team.created_at)),
                ("updatedAt", json!(team.updated_at.map(time))),
            ],
        )?
        .returning((Row::as_select(), columns.clone()));
        self.run_keyed("teams.insert", columns.are_unique(), move |connection| {
            insertion
                .get_result::<Whole>(connection)
                .map(|row| whole(row, &columns))
        })
        .await
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        team: &TeamId,
        patch: &TeamPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<Team>, WriteError> {
        if !may_be_stored([organization.as_str(), team.as_str()]) {
            return Ok(None);
        }
        reject_nul([patch.name.as_ref()])?;
        let columns = self.fields().of_table(table::TEAM);
        let declared = Change::<teams::table>::new(columns.clone(), &patch.additional)?;
        let (organization, team, patch) = (organization.clone(), team.clone(), patch.clone());
        self.run_keyed("teams.update", columns.are_unique(), move |connection| {
            let changes = Changes {
                name: patch.name.clone(),
                updated_at: now,
            };
            let row = teams::table
                .filter(teams::id.eq(team.as_str()))
                .filter(teams::organization_id.eq(organization.as_str()));
            diesel::update(row)
                .set((changes, &declared))
                .returning((Row::as_returning(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn delete(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<bool, Failure> {
        if !may_be_stored([organization.as_str(), team.as_str()]) {
            return Ok(false);
        }
        let (organization, team) = (organization.clone(), team.clone());
        self.run_deletion_once("teams.delete", move |connection| {
            let row = teams::table
                .filter(teams::id.eq(team.as_str()))
                .filter(teams::organization_id.eq(organization.as_str()));
            diesel::delete(row).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Team>, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(Vec::new());
        }
        let (organization, columns) = (organization.clone(), self.fields().of_table(table::TEAM));
        self.run("teams.list", move |connection| {
            let rows = teams::table
                .filter(teams::organization_id.eq(organization.as_str()))
                .order((teams::created_at, teams::id))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(rows.into_iter().map(|row| whole(row, &columns)).collect())
        })
        .await
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(0);
        }
        let organization = organization.clone();
        self.run("teams.count", move |connection| {
            teams::table
                .filter(teams::organization_id.eq(organization.as_str()))
                .count()
                .get_result(connection)
        })
        .await
        .map(count)
    }

    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Team>, Failure> {
        if !may_be_stored([user.as_str()]) {
            return Ok(Vec::new());
        }
        let (user, columns) = (user.clone(), self.fields().of_table(table::TEAM));
        self.run("teams.list_of_user", move |connection| {
            let rows = team_members::table
                .inner_join(teams::table)
                .filter(team_members::user_id.eq(user.as_str()))
                .order((
                    team_members::created_at.asc().nulls_first(),
                    teams::created_at,
                    teams::id,
                ))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(distinct(rows.into_iter().map(|row| whole(row, &columns))))
        })
        .await
    }

    async fn find_member(&mut self, team: &TeamId, user: &UserId) -> Result<Option<TeamMember>, Failure> {
        self.find_in_team(team, user).await
    }

    async fn insert_member(&mut self, member: &TeamMember) -> Result<TeamMember, Failure> {
        self.insert_in_team(member).await
    }

    async fn remove_member(&mut self, team: &TeamId, user: &UserId) -> Result<bool, Failure> {
        self.remove_from_team(team, user).await
    }

    async fn remove_user(&mut self, organization: &OrganizationId, user: &UserId) -> Result<(), Failure> {
        self.remove_from_all_teams(organization, user).await
    }

    async fn list_members(&mut self, team: &TeamId) -> Result<Vec<TeamMember>, Failure> {
        self.list_in_team(team).await
    }

    async fn count_members(&mut self, team: &TeamId) -> Result<u64, Failure> {
        self.count_in_team(team).await
    }
}

//! Teams of organizations.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    organization::{OrganizationId, Team, TeamId, TeamMember, TeamPatch},
};

use super::{
    super::{MemoryUnitOfWork, Rows},
    number, set_all, sort_by_age,
};
use crate::ports::{Failure, TeamRepository, WriteError};

impl Rows {
    fn team(&self, organization: &OrganizationId, team: &TeamId) -> Option<&Team> {
        let mut teams = self.teams.iter();
        teams.find(|row| row.id == *team && row.organization_id == *organization)
    }

    fn teams_of(&self, organization: &OrganizationId) -> Vec<Team> {
        let teams = self.teams.iter();
        let teams = teams.filter(|row| row.organization_id == *organization);
        let mut teams: Vec<_> = teams.cloned().collect();
        sort_by_age(&mut teams, |row| (row.created_at, &row.id));
        teams
    }

    /// Deletes the teams of an organization.
    pub(super) fn delete_teams(&mut self, organization: &OrganizationId) {
        for team in self.teams_of(organization) {
            self.delete_team(&team.id);
        }
    }

    fn delete_team(&mut self, team: &TeamId) {
        self.teams.retain(|row| row.id != *team);
        self.team_members.retain(|row| row.team_id != *team);
    }

    /// Returns the team members that `is_selected` selects, the oldest first; those without a time before all others.
    fn team_members_that(&self, is_selected: impl Fn(&TeamMember) -> bool) -> Vec<TeamMember> {
        let selected = self.team_members.iter().filter(|row| is_selected(row));
        let mut selected: Vec<_> = selected.cloned().collect();
        let earliest = DateTime::<Utc>::MIN_UTC;
        sort_by_age(&mut selected, |row| (row.created_at.unwrap_or(earliest), &row.id));
        selected
    }

    /// Removes the team members that `is_removed` selects. Returns whether there was one.
    fn remove_team_members(&mut self, is_removed: impl Fn(&TeamMember) -> bool) -> bool {
        let before = self.team_members.len();
        self.team_members.retain(|row| !is_removed(row));
        self.team_members.len() < before
    }
}

#[async_trait]
impl TeamRepository for MemoryUnitOfWork {
    async fn find(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<Option<Team>, Failure> {
        Ok(self.read(|rows| rows.team(organization, team).cloned()))
    }

    async fn find_anywhere(&mut self, team: &TeamId) -> Result<Option<Team>, Failure> {
        Ok(self.read(|rows| rows.teams.iter().find(|row| row.id == *team).cloned()))
    }

    async fn insert(&mut self, team: &Team) -> Result<Team, WriteError> {
        self.write(|rows| rows.teams.push(team.clone()));
        Ok(team.clone())
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        team: &TeamId,
        patch: &TeamPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<Team>, WriteError> {
        Ok(self.write(|rows| {
            let is_it = |row: &&mut Team| row.id == *team && row.organization_id == *organization;
            let found = rows.teams.iter_mut().find(is_it)?;
            if let Some(name) = &patch.name {
                found.name.clone_from(name);
            }
            set_all(&mut found.additional, &patch.additional);
            found.updated_at = Some(now);
            Some(found.clone())
        }))
    }

    async fn delete(&mut self, organization: &OrganizationId, team: &TeamId) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let exists = rows.team(organization, team).is_some();
            if exists {
                rows.delete_team(team);
            }
            exists
        }))
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Team>, Failure> {
        Ok(self.read(|rows| rows.teams_of(organization)))
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        Ok(self.read(|rows| number(rows.teams_of(organization).len())))
    }

    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Team>, Failure> {
        Ok(self.read(|rows| {
            let mut seen = HashSet::new();
            let mut members = rows.team_members_that(|row| row.user_id == *user);
            members.retain(|row| seen.insert(row.team_id.as_str().to_owned()));
            let team = |member: &TeamMember| {
                let team = rows.teams.iter().find(|row| row.id == member.team_id)?;
                Some((member.created_at, team.clone()))
            };
            let mut teams: Vec<_> = members.iter().filter_map(team).collect();
            teams.sort_by_key(|(since, team)| (*since, team.created_at, team.id.as_str().to_owned()));
            teams.into_iter().map(|(_since, team)| team).collect()
        }))
    }

    async fn find_member(&mut self, team: &TeamId, user: &UserId) -> Result<Option<TeamMember>, Failure> {
        let is_it = |row: &TeamMember| row.team_id == *team && row.user_id == *user;
        let found = self.read(|rows| rows.team_members_that(is_it));
        Ok(found
            .into_iter()
            .min_by(|one, other| one.id.as_str().cmp(other.id.as_str())))
    }

    async fn insert_member(&mut self, member: &TeamMember) -> Result<TeamMember, Failure> {
        self.write(|rows| rows.team_members.push(member.clone()));
        Ok(member.clone())
    }

    async fn remove_member(&mut self, team: &TeamId, user: &UserId) -> Result<bool, Failure> {
        Ok(self.write(|rows| rows.remove_team_members(|row| row.team_id == *team && row.user_id == *user)))
    }

    async fn remove_user(&mut self, organization: &OrganizationId, user: &UserId) -> Result<(), Failure> {
        self.write(|rows| {
            for team in rows.teams_of(organization) {
                rows.remove_team_members(|row| row.team_id == team.id && row.user_id == *user);
            }
        });
        Ok(())
    }

    async fn list_members(&mut self, team: &TeamId) -> Result<Vec<TeamMember>, Failure> {
        Ok(self.read(|rows| rows.team_members_that(|row| row.team_id == *team)))
    }

    async fn count_members(&mut self, team: &TeamId) -> Result<u64, Failure> {
        Ok(self.read(|rows| {
            let members = rows.team_members_that(|row| row.team_id == *team);
            let users: HashSet<_> = members.iter().map(|row| row.user_id.as_str()).collect();
            number(users.len())
        }))
    }
}

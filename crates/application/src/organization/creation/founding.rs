//! Storage of a new organization, its creator and its default team.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    id::UserId,
    organization::{Member, NewOrganization, Organization, Team},
};

use super::{CreatedOrganization, error::Obstacle};
use crate::{
    organization::{OrganizationOptions, Organizations, TeamOptions},
    ports::{RandomExt, Repositories},
};

/// An organization, its creator, and the team that both have.
pub(super) struct Founded {
    pub(super) created: CreatedOrganization,
    pub(super) team: Option<Team>,
}

impl Organizations {
    /// Stores an organization of a locked user.
    pub(super) async fn found(
        &self,
        db: &mut dyn Repositories,
        user: &UserId,
        new: NewOrganization,
        now: DateTime<Utc>,
    ) -> Result<Founded, Obstacle> {
        let count = db.organizations().count_of_user(user).await?;
        if OrganizationOptions::is_full(count, self.options.organization_limit) {
            return Err(Obstacle::LimitReached);
        }
        if db.organizations().find_by_slug(&new.slug).await?.is_some() {
            return Err(Obstacle::SlugTaken);
        }
        let organization = Organization::new(new, self.random.id(), now);
        let organization = db.organizations().insert(&organization).await?;
        let member = Member {
            id: self.random.id(),
            organization_id: organization.id.clone(),
            user_id: user.clone(),
            role: RoleList::of_names([self.options.access.creator_role.as_str()]),
            created_at: now,
            additional: self.options.fields.member.defaults(),
        };
        let member = db.members().insert(&member).await?;
        let team = self.default_team(db, &organization, user, now).await?;
        let created = CreatedOrganization { organization, member };
        Ok(Founded { created, team })
    }

    /// Stores the team that every new organization has, with its creator.
    async fn default_team(
        &self,
        db: &mut dyn Repositories,
        organization: &Organization,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<Team>, Obstacle> {
        let has_team = |teams: &TeamOptions| teams.has_default_team;
        if !self.options.teams.as_ref().is_some_and(has_team) {
            return Ok(None);
        }
        let team = Team {
            id: self.random.id(),
            name: organization.name.clone(),
            organization_id: organization.id.clone(),
            created_at: now,
            updated_at: None,
            additional: self.options.fields.team.defaults(),
        };
        let team = db.teams().insert(&team).await?;
        self.join_team(db, team.id.clone(), user, now).await?;
        Ok(Some(team))
    }
}

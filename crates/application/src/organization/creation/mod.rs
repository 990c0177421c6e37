//! Creation of organizations.

mod error;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    access::RoleList,
    id::UserId,
    organization::{ACTIVE_ORGANIZATION_ID, ACTIVE_TEAM_ID, Member, NewOrganization, Organization, Team},
};

use self::error::Obstacle;
pub use self::error::{CreateForUserError, CreateOrganizationError};
use super::{OrganizationOptions, Organizations, TeamOptions};
use crate::{
    ports::{RandomExt, Repositories},
    session::StrictCaller,
};

/// A caller's request to create an organization.
#[derive(Clone, Debug, Default)]
pub struct CreateOrganization {
    /// The organization.
    pub new: NewOrganization,
    /// Whether the caller's active organization stays the same.
    pub keeps_active: bool,
}

/// A new organization.
#[derive(Clone, Debug)]
pub struct CreatedOrganization {
    /// The organization.
    pub organization: Organization,
    /// Its only member, who holds the creator's role.
    pub member: Member,
}

/// An organization, its creator, and the team that both have.
struct Founded {
    created: CreatedOrganization,
    team: Option<Team>,
}

impl Organizations {
    /// Creates an organization whose first member is the caller. It becomes the caller's active organization.
    ///
    /// # Errors
    ///
    /// [`CreateOrganizationError::SlugTaken`] also if another request takes the slug at the same time.
    pub async fn create(
        &self,
        by: &StrictCaller,
        command: CreateOrganization,
    ) -> Result<CreatedOrganization, CreateOrganizationError> {
        if !self.options.allows_creation {
            return Err(CreateOrganizationError::NotAllowed);
        }
        let (user, now) = (&by.user().id, self.clock.now());

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(CreateOrganizationError::SessionEnded)?;
        let founded = self.found(unit.as_mut(), user, command.new, now).await?;
        if !command.keeps_active {
            let organization = founded.created.organization.id.as_str();
            let mut values = vec![(ACTIVE_ORGANIZATION_ID, Some(organization))];
            let team = founded.team.as_ref();
            values.extend(team.map(|team| (ACTIVE_TEAM_ID, Some(team.id.as_str()))));
            self.set_session(unit.as_mut(), by, &values).await?;
        }
        unit.commit().await?;
        Ok(founded.created)
    }

    /// Creates an organization whose first member is this user, for a service.
    ///
    /// # Errors
    ///
    /// As [`Self::create`], whether users may create organizations or not.
    pub async fn create_for(
        &self,
        user: &UserId,
        new: NewOrganization,
    ) -> Result<CreatedOrganization, CreateForUserError> {
        let now = self.clock.now();

        let mut unit = self.store.begin();
        let locked = unit.users().lock(user).await?;
        let user = locked.ok_or(CreateForUserError::UserNotFound)?;
        let founded = self.found(unit.as_mut(), &user.id, new, now).await?;
        unit.commit().await?;
        Ok(founded.created)
    }

    /// Stores an organization of a locked user.
    async fn found(
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

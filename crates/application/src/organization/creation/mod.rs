//! Creation of organizations.

mod error;
mod founding;

use portcullis_domain::{
    id::UserId,
    organization::{ACTIVE_ORGANIZATION_ID, ACTIVE_TEAM_ID, Member, NewOrganization, Organization},
};

pub use self::error::{CreateForUserError, CreateOrganizationError};
use super::Organizations;
use crate::session::StrictCaller;

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
}

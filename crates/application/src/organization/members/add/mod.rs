//! Addition of members by services.

mod check;
mod error;

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    id::UserId,
    organization::{Member, OrganizationId, TeamId},
};

pub use self::error::AddMemberError;
use crate::{organization::Organizations, ports::RandomExt};

/// A service's request to add a member.
#[derive(Clone, Debug)]
pub struct AddMember {
    /// The user.
    pub user: UserId,
    /// The roles of the new member.
    pub role: RoleList,
    /// The organization.
    pub organization: OrganizationId,
    /// The team of the new member.
    pub team: Option<TeamId>,
    /// The values of additional fields.
    pub additional: AdditionalFields,
}

impl Organizations {
    /// Makes a user a member of an organization, without an invitation.
    ///
    /// # Errors
    ///
    /// [`AddMemberError::AlreadyMember`] also if another request adds the user at the same time.
    pub async fn add_member(&self, command: AddMember) -> Result<Member, AddMemberError> {
        if command.team.is_some() && self.options.teams.is_none() {
            return Err(AddMemberError::TeamsDisabled);
        }
        let now = self.clock.now();

        let mut unit = self.store.begin();
        let user = unit.users().lock(&command.user).await?;
        user.ok_or(AddMemberError::UserNotFound)?;
        let locked = unit.organizations().lock(&command.organization).await?;
        locked.ok_or(AddMemberError::OrganizationNotFound)?;
        self.check_names(unit.as_mut(), &command).await?;
        self.check_addition(unit.as_mut(), &command).await?;
        let member = Member {
            id: self.random.id(),
            organization_id: command.organization,
            user_id: command.user,
            role: command.role,
            created_at: now,
            additional: command.additional,
        };
        let member = unit.members().insert(&member).await?;
        if let Some(team) = command.team {
            self.join_team(unit.as_mut(), team, &member.user_id, now).await?;
        }
        unit.commit().await?;
        Ok(member)
    }
}

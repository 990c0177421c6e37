//! Addition of members by services.

use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    id::UserId,
    organization::{Member, OrganizationId, TeamId},
};

use super::super::{OrganizationOptions, Organizations};
use crate::{
    organization::invitations::TeamPlace,
    ports::{Failure, RandomExt, Repositories, WriteError},
};

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

/// Why a member was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddMemberError {
    /// The request names a team, and teams are disabled.
    #[error("teams are disabled")]
    TeamsDisabled,
    /// There is no such user.
    #[error("there is no such user")]
    UserNotFound,
    /// There is no such organization.
    #[error("there is no such organization")]
    OrganizationNotFound,
    /// The organization has no roles of these names.
    #[error("the organization has no such roles")]
    RoleNotFound(Vec<String>),
    /// The user is a member.
    #[error("the user is a member already")]
    AlreadyMember,
    /// The organization has no such team.
    #[error("the organization has no such team")]
    TeamNotFound,
    /// The team has too many members.
    #[error("the team has too many members")]
    TeamLimitReached,
    /// The organization has too many members.
    #[error("the organization has too many members")]
    MembershipLimitReached,
    /// Another member has the value of a unique field.
    #[error("another member has the value of a unique field")]
    FieldTaken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for AddMemberError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
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

    /// Checks that the organization has roles of exactly these names.
    async fn check_names(
        &self,
        db: &mut dyn Repositories,
        command: &AddMember,
    ) -> Result<(), AddMemberError> {
        let is_exact = |name: &&str| !name.is_empty() && name.trim() == *name;
        let inexact = command.role.iter().filter(|name| !is_exact(name));
        let mut unknown: Vec<_> = inexact.map(|name| name.trim().to_owned()).collect();
        if unknown.is_empty() {
            unknown = self
                .unknown_roles(db, &command.organization, &command.role)
                .await?;
        }
        if unknown.is_empty() && command.role.iter().next().is_some() {
            return Ok(());
        }
        Err(AddMemberError::RoleNotFound(unknown))
    }

    /// Checks whether a locked organization, and the team, can get the user as a member.
    async fn check_addition(
        &self,
        db: &mut dyn Repositories,
        command: &AddMember,
    ) -> Result<(), AddMemberError> {
        let id = &command.organization;
        if db.members().find_of_user(id, &command.user).await?.is_some() {
            return Err(AddMemberError::AlreadyMember);
        }
        if let Some(team) = &command.team {
            match self.team_place(db, id, team).await? {
                TeamPlace::Free(_) => {}
                TeamPlace::Full => return Err(AddMemberError::TeamLimitReached),
                TeamPlace::NotFound => return Err(AddMemberError::TeamNotFound),
            }
        }
        let count = db.members().count(id).await?;
        if OrganizationOptions::is_full(count, Some(self.options.membership_limit)) {
            return Err(AddMemberError::MembershipLimitReached);
        }
        Ok(())
    }
}

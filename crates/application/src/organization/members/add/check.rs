//! Checks before a member is added.

use super::{AddMember, AddMemberError};
use crate::{
    organization::{OrganizationOptions, Organizations, invitations::TeamPlace},
    ports::Repositories,
};

impl Organizations {
    /// Checks that the organization has roles of exactly these names.
    pub(super) async fn check_names(
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
    pub(super) async fn check_addition(
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

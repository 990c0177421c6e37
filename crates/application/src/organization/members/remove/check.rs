//! Checks before a member is removed.

use portcullis_domain::organization::{Member, permission};

use super::RemoveMemberError;
use crate::{
    organization::{Membership, Organizations},
    ports::Repositories,
};

impl Organizations {
    /// Checks whether the caller may remove the member, in Better Auth's order. A member of another organization is not
    /// found, after the checks of the caller.
    pub(super) async fn check_removal(
        &self,
        db: &mut dyn Repositories,
        by: &Membership<'_>,
        member: &Member,
    ) -> Result<(), RemoveMemberError> {
        let (organization, user) = (&member.organization_id, &member.user_id);
        let is_creator = self.holds_creator_role(db, organization, user).await?;
        if is_creator && (!by.is_creator() || self.is_only_creator(db, by.id()).await?) {
            return Err(RemoveMemberError::OnlyOwner);
        }
        if !by.may(permission::DELETE_MEMBER) {
            return Err(RemoveMemberError::NotAllowed);
        }
        if member.organization_id != *by.id() {
            return Err(RemoveMemberError::MemberNotFound);
        }
        Ok(())
    }
}

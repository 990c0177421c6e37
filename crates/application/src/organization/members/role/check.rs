//! Checks before the roles of a member change.

use portcullis_domain::{
    access::RoleList,
    organization::{Member, permission},
};

use super::UpdateMemberRoleError;
use crate::{
    organization::{Membership, Organizations},
    ports::Repositories,
};

impl Organizations {
    /// Checks whether the caller may give the member these roles, in Better Auth's order.
    pub(super) async fn check_role(
        &self,
        db: &mut dyn Repositories,
        by: &Membership<'_>,
        member: &Member,
        role: &RoleList,
    ) -> Result<(), UpdateMemberRoleError> {
        if member.organization_id != *by.id() {
            return Err(UpdateMemberRoleError::NotAllowed);
        }
        let access = &self.options.access;
        let gives = access.is_creator(role);
        let takes = self.holds_creator_role(db, by.id(), &member.user_id).await?;
        if (access.names_creator(role) || takes) && !by.is_creator() {
            return Err(UpdateMemberRoleError::NotAllowed);
        }
        let resigns = by.is_creator() && !gives && member.user_id == by.member().user_id;
        if resigns && self.is_only_creator(db, by.id()).await? {
            return Err(UpdateMemberRoleError::WithoutOwner);
        }
        if !by.is_creator() && !by.may(permission::UPDATE_MEMBER) {
            return Err(UpdateMemberRoleError::NotAllowed);
        }
        self.check_given(db, by, role).await
    }

    /// Checks that the roles exist, if organizations create roles, and permit no more than those of the caller.
    async fn check_given(
        &self,
        db: &mut dyn Repositories,
        by: &Membership<'_>,
        role: &RoleList,
    ) -> Result<(), UpdateMemberRoleError> {
        if !self.may_give(db, by, role).await? {
            return Err(UpdateMemberRoleError::NotAllowed);
        }
        if self.options.has_dynamic_roles() {
            let unknown = self.unknown_roles(db, by.id(), role).await?;
            if !unknown.is_empty() {
                return Err(UpdateMemberRoleError::RoleNotFound(unknown));
            }
        }
        Ok(())
    }
}

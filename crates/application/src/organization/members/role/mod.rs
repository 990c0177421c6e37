//! Changes of the roles of members.

mod check;
mod error;

use portcullis_domain::{
    access::RoleList,
    organization::{Member, MemberId, OrganizationId},
};

pub use self::error::UpdateMemberRoleError;
use crate::{
    organization::{Organizations, named_or_active},
    session::StrictCaller,
};

/// A caller's request to change the roles of a member.
#[derive(Clone, Debug)]
pub struct UpdateMemberRole {
    /// The member.
    pub member: MemberId,
    /// The new roles. As in Better Auth, roles of these names need not exist, unless organizations create roles: a member
    /// must not hold the name of a later role.
    pub role: RoleList,
    /// The organization. `None`: the active one.
    pub organization: Option<OrganizationId>,
}

impl Organizations {
    /// Sets the roles of a member, and returns the member.
    ///
    /// # Errors
    ///
    /// [`UpdateMemberRoleError::NotAllowed`] also if a caller without the creator's role gives or takes it, or gives a role
    /// that permits more than the caller's own.
    pub async fn update_member_role(
        &self,
        by: &StrictCaller,
        command: UpdateMemberRole,
    ) -> Result<Member, UpdateMemberRoleError> {
        let UpdateMemberRole {
            member,
            role,
            organization,
        } = command;
        let id = named_or_active(by, organization).ok_or(UpdateMemberRoleError::NoOrganization)?;

        let (mut unit, membership) = self.begin_as_member(by, &id).await?;
        let found = unit.members().find_anywhere(&member).await?;
        let found = found.ok_or(UpdateMemberRoleError::MemberNotFound)?;
        self.check_role(unit.as_mut(), &membership, &found, &role).await?;
        let user = &found.user_id;
        let updated = unit.members().set_role(&id, user, &role).await?;
        let updated = updated.ok_or(UpdateMemberRoleError::MemberNotFound)?;
        unit.commit().await?;
        Ok(updated)
    }
}

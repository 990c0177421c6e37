//! Changes of the roles of members.

use portcullis_domain::{
    access::RoleList,
    organization::{Member, MemberId, OrganizationId, permission},
};

use super::super::{Membership, Organizations, Unbegun, named_or_active};
use crate::{
    ports::{Failure, Repositories},
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

/// Why the roles of a member were not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateMemberRoleError {
    /// The request names no organization, and the caller has no active one.
    #[error("the caller has no active organization")]
    NoOrganization,
    /// The caller is not a member, or there is no such member.
    #[error("there is no such member")]
    MemberNotFound,
    /// The caller's roles do not permit it, or the member belongs to another organization.
    #[error("the caller may not change the member")]
    NotAllowed,
    /// Organizations create roles, and this one has none of these names.
    #[error("the organization has no such roles")]
    RoleNotFound(Vec<String>),
    /// No member with the creator's role would be left.
    #[error("the organization would have no owner")]
    WithoutOwner,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for UpdateMemberRoleError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
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

    /// Checks whether the caller may give the member these roles, in Better Auth's order.
    async fn check_role(
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

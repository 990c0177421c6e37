//! Removal of members.

use portcullis_domain::{
    email::EmailAddress,
    organization::{Member, MemberId, MemberUser, OrganizationId, permission},
};

use super::super::{Membership, Organizations, Unbegun, named_or_active};
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

/// A caller's request to remove a member.
#[derive(Clone, Debug)]
pub struct RemoveMember {
    /// The member's id, or the user's address: a text with `@` is an address.
    pub member: String,
    /// The organization. `None`: the active one.
    pub organization: Option<OrganizationId>,
}

/// A member who was removed.
#[derive(Clone, Debug)]
pub struct RemovedMember {
    /// The member.
    pub member: Member,
    /// The user, if the request named the member by address.
    pub user: Option<MemberUser>,
}

/// Why a member was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveMemberError {
    /// The caller is not a member, or there is no such member.
    #[error("there is no such member")]
    MemberNotFound,
    /// The member holds the creator's role, and the caller does not, or no other member does.
    #[error("the member is an owner whom the caller may not remove")]
    OnlyOwner,
    /// The caller's roles do not permit it.
    #[error("the caller may not remove members")]
    NotAllowed,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for RemoveMemberError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Removes a member from an organization and from its teams. `None`: the request names no organization, and the caller
    /// has no active one.
    ///
    /// # Errors
    ///
    /// [`RemoveMemberError::OnlyOwner`] if no member with the creator's role would be left.
    pub async fn remove_member(
        &self,
        by: &StrictCaller,
        command: RemoveMember,
    ) -> Result<Option<RemovedMember>, RemoveMemberError> {
        let Some(id) = named_or_active(by, command.organization) else {
            return Ok(None);
        };

        let (mut unit, membership) = self.begin_as_member(by, &id).await?;
        let found = self.find_removed(unit.as_mut(), &id, &command.member).await?;
        let removed = found.ok_or(RemoveMemberError::MemberNotFound)?;
        self.check_removal(unit.as_mut(), &membership, &removed.member)
            .await?;
        let user = &removed.member.user_id;
        self.expel(unit.as_mut(), by, &id, user).await?;
        unit.commit().await?;
        Ok(Some(removed))
    }

    /// Returns the member whom a request names. A member of another organization is found by id only.
    async fn find_removed(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
        named: &str,
    ) -> Result<Option<RemovedMember>, Failure> {
        if named.contains('@') {
            let email = EmailAddress::from_stored(named.to_lowercase());
            let found = db.members().find_by_email(organization, &email).await?;
            return Ok(found.map(|found| RemovedMember {
                member: found.member,
                user: Some(found.user),
            }));
        }
        let found = db.members().find_anywhere(&MemberId::new(named)).await?;
        Ok(found.map(|member| RemovedMember { member, user: None }))
    }

    /// Checks whether the caller may remove the member, in Better Auth's order. A member of another organization is not
    /// found, after the checks of the caller.
    async fn check_removal(
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

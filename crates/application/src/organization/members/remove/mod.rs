//! Removal of members.

mod check;
mod error;

use portcullis_domain::{
    email::EmailAddress,
    organization::{Member, MemberId, MemberUser, OrganizationId},
};

pub use self::error::RemoveMemberError;
use crate::{
    organization::{Organizations, named_or_active},
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
}

//! The caller's membership of the active organization, and roles of members.

use portcullis_domain::{
    access::RoleList,
    id::UserId,
    organization::{MemberWithUser, OrganizationId},
};

use super::{
    super::{Membership, Organizations},
    NoMembership,
};
use crate::{ports::Failure, session::StrictCaller};

/// Whose roles a caller wants to know.
#[derive(Clone, Debug, Default)]
pub struct MemberRoleQuery {
    /// The member's user. `None`: the caller.
    pub user: Option<UserId>,
    /// The organization's id.
    pub organization: Option<OrganizationId>,
    /// The organization's slug, which takes precedence.
    pub slug: Option<String>,
}

/// Why roles were not returned.
#[derive(Debug, thiserror::Error)]
pub enum MemberRoleError {
    /// There is no organization with the slug.
    #[error("there is no such organization")]
    NotFound,
    /// The request names no organization, and the caller has no active one.
    #[error("the caller has no active organization")]
    NoOrganization,
    /// The caller, or the user whom the request names, is not a member.
    #[error("the user is not a member of the organization")]
    NotAMember,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NoMembership> for MemberRoleError {
    fn from(error: NoMembership) -> Self {
        match error {
            NoMembership::NotFound => Self::NotFound,
            NoMembership::NoOrganization => Self::NoOrganization,
            NoMembership::NotAMember => Self::NotAMember,
            NoMembership::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Organizations {
    /// Returns the caller's membership of the active organization. `None`: there is none.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn active_member(&self, by: &StrictCaller) -> Result<Option<MemberWithUser>, Failure> {
        let Some(id) = by.session().active_organization() else {
            return Ok(None);
        };
        let mut db = self.store.autocommit();
        let membership = self.membership(db.as_mut(), by, &id).await?;
        Ok(membership.map(|membership| Membership::into_parts(membership).1))
    }

    /// Returns the roles of a member of one of the caller's organizations.
    ///
    /// # Errors
    ///
    /// [`MemberRoleError::NotAMember`] also if the user whom the request names is not a member.
    pub async fn member_role(
        &self,
        by: &StrictCaller,
        query: MemberRoleQuery,
    ) -> Result<RoleList, MemberRoleError> {
        let mut db = self.store.autocommit();
        let chosen = (query.organization, query.slug);
        let membership = self.chosen_membership(db.as_mut(), by, chosen).await?;
        let Some(user) = query.user.filter(|user| !user.as_str().is_empty()) else {
            return Ok(membership.member().role.clone());
        };
        let member = db.members().find_of_user(membership.id(), &user).await?;
        Ok(member.ok_or(MemberRoleError::NotAMember)?.member.role)
    }
}

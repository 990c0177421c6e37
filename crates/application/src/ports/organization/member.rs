//! Storage of members.

use async_trait::async_trait;
use portcullis_domain::{
    access::RoleList,
    email::EmailAddress,
    id::UserId,
    organization::{Member, MemberId, MemberPage, MemberQuery, MemberWithUser, OrganizationId},
};

use crate::ports::{Failure, WriteError};

/// Members of organizations.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait MemberRepository: Send {
    /// Returns the user's membership of the organization; of several rows, the oldest one, then the one with the smallest id.
    async fn find_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Option<MemberWithUser>, Failure>;

    /// Returns every row of the user in the organization, in the order of [`find_of_user`](Self::find_of_user).
    async fn list_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Vec<MemberWithUser>, Failure>;

    /// Returns the membership of the user with this e-mail address, as [`find_of_user`](Self::find_of_user) does. The
    /// address is compared as it is stored.
    async fn find_by_email(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
    ) -> Result<Option<MemberWithUser>, Failure>;

    /// Returns the member with this id. `None` also for a member of another organization.
    async fn find(
        &mut self,
        organization: &OrganizationId,
        member: &MemberId,
    ) -> Result<Option<MemberWithUser>, Failure>;

    /// Returns the member with this id, of any organization.
    async fn find_anywhere(&mut self, member: &MemberId) -> Result<Option<Member>, Failure>;

    /// Stores a new member, and returns it as it is stored. The caller has locked the organization and found that the user
    /// is not a member.
    async fn insert(&mut self, member: &Member) -> Result<Member, WriteError>;

    /// Sets the roles of the user in the organization: of every row, if there are several. Returns the changed member, or
    /// `None` if the user is not a member.
    async fn set_role(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
        role: &RoleList,
    ) -> Result<Option<Member>, Failure>;

    /// Deletes the user's membership: every row, if there are several. Returns whether there was one. The teams are a
    /// matter of [`TeamRepository::remove_user`](super::TeamRepository::remove_user).
    async fn remove(&mut self, organization: &OrganizationId, user: &UserId) -> Result<bool, Failure>;

    /// Returns the number of users who are members of the organization.
    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure>;

    /// Returns the number of users whose comma list of roles in the organization contains this name, as a whole: `owner`
    /// is in `admin,owner`, and neither in `owners` nor in ` owner`.
    async fn count_with_role(&mut self, organization: &OrganizationId, role: &str) -> Result<u64, Failure>;

    /// Returns the page of the organization's members that the query selects, and the number of members without limit
    /// and offset. Members with equal values of the sorted field are in the order of their ids, so that pages never
    /// overlap. Without a field, the oldest membership is first. `contains` ignores case, and no character of the value
    /// is a wildcard. If the query has no limit, all rows are returned. A user with several rows is listed several
    /// times.
    async fn list(
        &mut self,
        organization: &OrganizationId,
        query: &MemberQuery,
    ) -> Result<MemberPage, Failure>;
}

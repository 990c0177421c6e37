//! The proof that a caller is a member of an organization.

mod read;

use portcullis_domain::{
    access::{PermissionRequest, RoleList, Roles},
    organization::{
        AccessPolicy, Member, MemberWithUser, Organization, OrganizationId, permission::Permission,
    },
};

use crate::session::StrictCaller;

/// A caller who is a member of an organization. Only
/// [`Organizations::membership_of`](super::Organizations::membership_of) creates it.
#[derive(Debug)]
pub(crate) struct Membership<'a> {
    caller: &'a StrictCaller,
    organization: Organization,
    /// The oldest row of the caller.
    member: MemberWithUser,
    /// The roles of all rows of the caller.
    roles: RoleList,
    policy: &'a AccessPolicy,
    /// The organization's own roles that the member holds.
    own_roles: Roles,
}

impl<'a> Membership<'a> {
    /// Returns the caller.
    pub(super) const fn caller(&self) -> &'a StrictCaller {
        self.caller
    }

    /// Returns the organization.
    pub(super) const fn organization(&self) -> &Organization {
        &self.organization
    }

    /// Returns the organization's id.
    pub(super) const fn id(&self) -> &OrganizationId {
        &self.organization.id
    }

    /// Returns the caller's membership.
    pub(super) const fn member(&self) -> &Member {
        &self.member.member
    }

    /// Returns the organization and the membership.
    pub(super) fn into_parts(self) -> (Organization, MemberWithUser) {
        (self.organization, self.member)
    }

    /// Returns whether the caller's roles contain this permission.
    pub(super) fn may(&self, (resource, action): Permission) -> bool {
        self.permits(&PermissionRequest::of(resource, action))
    }

    /// Returns whether the caller's roles permit what is requested.
    pub(super) fn permits(&self, request: &PermissionRequest) -> bool {
        self.policy.permit(&self.roles, &self.own_roles, request)
    }

    /// Returns whether the caller holds the creator's role.
    pub(super) fn is_creator(&self) -> bool {
        self.policy.is_creator(&self.roles)
    }
}

//! The proof that a caller is a member of an organization.

use portcullis_domain::{
    access::{PermissionRequest, RoleList, Roles},
    organization::{
        AccessPolicy, Member, MemberWithUser, Organization, OrganizationId, permission::Permission,
    },
};

use super::Organizations;
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

/// A caller who is a member of an organization. Only [`Organizations::membership_of`] creates it.
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

impl Organizations {
    /// Returns the caller's membership of the organization with this id. `None`: the caller is not a member, or there
    /// is no such organization.
    pub(super) async fn membership<'a>(
        &'a self,
        db: &mut dyn Repositories,
        by: &'a StrictCaller,
        organization: &OrganizationId,
    ) -> Result<Option<Membership<'a>>, Failure> {
        match db.organizations().find(organization).await? {
            Some(organization) => self.membership_of(db, by, organization).await,
            None => Ok(None),
        }
    }

    /// Returns the caller's membership of an organization that was read or locked.
    pub(super) async fn membership_of<'a>(
        &'a self,
        db: &mut dyn Repositories,
        by: &'a StrictCaller,
        organization: Organization,
    ) -> Result<Option<Membership<'a>>, Failure> {
        let user = &by.user().id;
        let rows = db.members().list_of_user(&organization.id, user).await?;
        let roles = RoleList::of_all(rows.iter().map(|row| &row.member.role));
        let Some(member) = rows.into_iter().next() else {
            return Ok(None);
        };
        let own_roles = self.own_roles(db, &organization.id, &roles).await?;
        Ok(Some(Membership {
            caller: by,
            organization,
            member,
            roles,
            policy: &self.options.access,
            own_roles,
        }))
    }

    /// Returns those of the named roles that the organization created.
    pub(super) async fn own_roles(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
        held: &RoleList,
    ) -> Result<Roles, Failure> {
        let names = self.options.access.dynamic_names(held);
        if names.is_empty() || !self.options.has_dynamic_roles() {
            return Ok(Roles::default());
        }
        let stored = db.organization_roles().list_named(organization, &names).await?;
        let readable = stored.into_iter().filter_map(|role| {
            let statements = role.statements();
            if statements.is_none() {
                let id = role.id.as_str();
                tracing::warn!(
                    id,
                    "the permissions of an organization's role are malformed; it permits nothing"
                );
            }
            Some((role.role, statements?))
        });
        // Of several rows of one name, `Roles` keeps the last one, and the oldest one must count.
        Ok(Roles::new(readable.collect::<Vec<_>>().into_iter().rev()))
    }
}

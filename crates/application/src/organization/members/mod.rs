//! Members of organizations.

mod active;
mod add;
mod giving;
mod leave;
mod list;
mod permission;
mod remove;
mod role;

pub use self::{
    active::{MemberRoleError, MemberRoleQuery},
    add::{AddMember, AddMemberError},
    leave::LeaveOrganizationError,
    list::{ListMembers, ListMembersError, RawFilter},
    permission::HasPermissionError,
    remove::{RemoveMember, RemoveMemberError, RemovedMember},
    role::{UpdateMemberRole, UpdateMemberRoleError},
};

use portcullis_domain::{
    id::UserId,
    organization::{ACTIVE_ORGANIZATION_ID, OrganizationId},
};

use super::{Membership, Organizations, named_or_active};
use crate::{
    ports::{Failure, Repositories},
    session::StrictCaller,
};

/// Why a caller has no membership to act with.
enum NoMembership {
    /// There is no organization with the slug.
    NotFound,
    /// The request names no organization, and the caller has no active one.
    NoOrganization,
    /// The caller is not a member.
    NotAMember,
    /// The store failed.
    Failure(Failure),
}

impl From<Failure> for NoMembership {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Organizations {
    /// Returns the caller's membership of the organization that a request names by its slug or its id, or of the active one.
    async fn chosen_membership<'a>(
        &'a self,
        db: &mut dyn Repositories,
        by: &'a StrictCaller,
        (id, slug): (Option<OrganizationId>, Option<String>),
    ) -> Result<Membership<'a>, NoMembership> {
        let membership = if let Some(slug) = slug.filter(|slug| !slug.is_empty()) {
            let found = db.organizations().find_by_slug(&slug).await?;
            let organization = found.ok_or(NoMembership::NotFound)?;
            self.membership_of(db, by, organization).await?
        } else {
            let id = named_or_active(by, id).ok_or(NoMembership::NoOrganization)?;
            self.membership(db, by, &id).await?
        };
        membership.ok_or(NoMembership::NotAMember)
    }

    /// Returns whether the user holds the creator's role in the organization, in any row.
    async fn holds_creator_role(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<bool, Failure> {
        let rows = db.members().list_of_user(organization, user).await?;
        let access = &self.options.access;
        Ok(rows.iter().any(|row| access.is_creator(&row.member.role)))
    }

    /// Returns whether a user with the creator's role is the only one in a locked organization.
    async fn is_only_creator(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
    ) -> Result<bool, Failure> {
        let role = self.options.access.creator_role.as_str();
        Ok(db.members().count_with_role(organization, role).await? <= 1)
    }

    /// Deletes a user's membership of a locked organization and of its teams. If the user is the caller, the organization
    /// is no longer the active one.
    async fn expel(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<(), Failure> {
        db.members().remove(organization, user).await?;
        if self.options.teams.is_some() {
            db.teams().remove_user(organization, user).await?;
        }
        let is_active = by.session().active_organization().as_ref() == Some(organization);
        if is_active && by.user().id == *user {
            let cleared = [(ACTIVE_ORGANIZATION_ID, None)];
            self.set_session(db, by, &cleared).await?;
        }
        Ok(())
    }
}

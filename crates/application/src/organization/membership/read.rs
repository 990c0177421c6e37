//! Reading of memberships, and of the roles that their organizations created.

use portcullis_domain::{
    access::{RoleList, Roles},
    organization::{Organization, OrganizationId},
};

use super::Membership;
use crate::{
    organization::Organizations,
    ports::{Failure, Repositories},
    session::StrictCaller,
};

impl Organizations {
    /// Returns the caller's membership of the organization with this id. `None`: the caller is not a member, or there
    /// is no such organization.
    pub(in crate::organization) async fn membership<'a>(
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
    pub(in crate::organization) async fn membership_of<'a>(
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
    pub(in crate::organization) async fn own_roles(
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

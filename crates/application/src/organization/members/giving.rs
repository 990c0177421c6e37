//! The roles that members give.

use portcullis_domain::{
    access::{PermissionRequest, RoleList},
    organization::OrganizationId,
};

use super::super::{Membership, Organizations};
use crate::ports::{Failure, Repositories};

impl Organizations {
    /// Returns whether a member may give these roles: a member with the creator's role gives all, and another one those
    /// that permit no more than its own. Spaces around a name do not count.
    pub(in crate::organization) async fn may_give(
        &self,
        db: &mut dyn Repositories,
        by: &Membership<'_>,
        role: &RoleList,
    ) -> Result<bool, Failure> {
        if by.is_creator() {
            return Ok(true);
        }
        let access = &self.options.access;
        if access.names_creator(role) {
            return Ok(false);
        }
        let named = RoleList::of_names(role.iter().map(str::trim));
        let own = self.own_roles(db, by.id(), &named).await?;
        let mut granted = access.grants(&named, &own).flat_map(|statements| {
            let entries = statements.iter();
            entries.flat_map(|(resource, actions)| actions.iter().map(move |action| (resource, action)))
        });
        Ok(granted.all(|(resource, action)| by.permits(&PermissionRequest::of(resource, action))))
    }

    /// Returns the names in the list that no role of the organization has. As in Better Auth, spaces around a name do not
    /// count, and Better Auth's own roles exist in every deployment, unless an organization could create roles of their
    /// names.
    pub(in crate::organization) async fn unknown_roles(
        &self,
        db: &mut dyn Repositories,
        organization: &OrganizationId,
        role: &RoleList,
    ) -> Result<Vec<String>, Failure> {
        let (access, is_dynamic) = (&self.options.access, self.options.has_dynamic_roles());
        let exists =
            |name: &str| access.roles.get(name).is_some() || (!is_dynamic && access.has_static_role(name));
        let names = role.iter().map(str::trim).filter(|name| !name.is_empty());
        let mut unknown: Vec<_> = names.filter(|name| !exists(name)).map(str::to_owned).collect();
        if !unknown.is_empty() && is_dynamic {
            let found = db.organization_roles().list_named(organization, &unknown).await?;
            unknown.retain(|name| !found.iter().any(|role| role.role == *name));
        }
        Ok(unknown)
    }
}

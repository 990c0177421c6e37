//! What the roles of members permit.

use super::default_access::{DEFAULT_ROLES, OWNER, default_roles};
use crate::access::{PermissionRequest, RoleList, Roles, Statements};

/// The access control that the deployment configures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    /// The resources and actions that roles of organizations may name. `None`: organizations have no roles of their own.
    pub statements: Option<Statements>,
    /// The roles of every organization.
    pub roles: Roles,
    /// The role of an organization's creator. Only members with this role may give it, and every organization has at
    /// least one such member.
    pub creator_role: String,
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self {
            statements: None,
            roles: default_roles(),
            creator_role: OWNER.to_owned(),
        }
    }
}

impl AccessPolicy {
    /// Returns whether the list contains the creator's role.
    #[must_use]
    pub fn is_creator(&self, held: &RoleList) -> bool {
        held.contains(&self.creator_role)
    }

    /// Returns whether a list that a client names contains the creator's role. Spaces around a name do not count, since
    /// other programs may ignore them.
    #[must_use]
    pub fn names_creator(&self, named: &RoleList) -> bool {
        named.iter().any(|name| name.trim() == self.creator_role)
    }

    /// Returns whether every organization has this role: one of Better Auth's, or one of the configuration.
    #[must_use]
    pub fn has_static_role(&self, name: &str) -> bool {
        DEFAULT_ROLES.contains(&name) || self.roles.get(name).is_some()
    }

    /// Returns the names in the list that no configured role has: an organization may have roles of these names.
    #[must_use]
    pub fn dynamic_names(&self, held: &RoleList) -> Vec<String> {
        let names = held.iter().filter(|name| self.roles.get(name).is_none());
        names.map(str::to_owned).collect()
    }

    /// Returns whether the held roles permit what is requested. `own` are the roles of the organization; a configured
    /// role takes precedence over one of the same name.
    #[must_use]
    pub fn permit(&self, held: &RoleList, own: &Roles, request: &PermissionRequest) -> bool {
        self.roles.permit(held, request) || self.dynamic(own).permit(held, request)
    }

    /// Returns what each of the named roles may do. Names of roles that do not exist are left out.
    pub fn grants<'a>(&'a self, named: &'a RoleList, own: &'a Roles) -> impl Iterator<Item = &'a Statements> {
        named
            .iter()
            .filter_map(|name| self.roles.get(name).or_else(|| own.get(name)))
    }

    /// Returns the roles of the organization without those that have the name of a configured role.
    fn dynamic(&self, own: &Roles) -> Roles {
        let own = own.iter().filter(|(name, _)| self.roles.get(name).is_none());
        Roles::new(own.map(|(name, statements)| (name.to_owned(), statements.clone())))
    }
}

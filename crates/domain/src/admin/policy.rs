//! Roles of users, and what they permit.

use chrono::{DateTime, Utc};

use super::{BanState, Permission, ROLE};
use crate::{
    access::{PermissionRequest, RoleList, Roles, Statements},
    id::UserId,
    user::User,
};

/// The roles of a deployment, and which users are administrators.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminPolicy {
    /// The roles, with what they permit.
    pub roles: Roles,
    /// Whether the deployment has declared the roles. Only then names of roles are checked.
    pub has_own_roles: bool,
    /// The role of a user who has none.
    pub default_role: String,
    /// The roles whose users are administrators.
    pub admin_roles: Vec<String>,
    /// Users who may do everything, whatever their roles.
    pub admin_users: Vec<UserId>,
    /// Whether administrators may act for other administrators.
    pub may_impersonate_admins: bool,
}

impl Default for AdminPolicy {
    /// Better Auth's roles `admin` and `user`.
    fn default() -> Self {
        let all = Statements::of(&[
            ("user", Permission::OF_USERS),
            ("session", Permission::OF_SESSIONS),
        ]);
        let none = Statements::of(&[("user", &[]), ("session", &[])]);
        Self {
            roles: Roles::new([("admin".to_owned(), all), ("user".to_owned(), none)]),
            has_own_roles: false,
            default_role: "user".to_owned(),
            admin_roles: vec!["admin".to_owned()],
            admin_users: Vec::new(),
            may_impersonate_admins: false,
        }
    }
}

impl AdminPolicy {
    /// Returns the roles of a user. A user without roles has the default role.
    #[must_use]
    pub fn roles_of(&self, user: &User) -> RoleList {
        let stored = user.additional.get(ROLE).as_str();
        let stored = stored.filter(|roles| !roles.is_empty());
        RoleList::of_stored(stored.unwrap_or(&self.default_role))
    }

    /// Returns whether a user may do what is requested.
    #[must_use]
    pub fn permits(&self, user: &User, request: &PermissionRequest) -> bool {
        self.admin_users.contains(&user.id) || self.roles.permit(&self.roles_of(user), request)
    }

    /// Returns whether a user has a permission.
    #[must_use]
    pub fn allows(&self, user: &User, permission: Permission) -> bool {
        self.permits(user, &permission.request())
    }

    /// Returns whether a user is an administrator, banned or not.
    #[must_use]
    pub fn is_administrator(&self, user: &User) -> bool {
        let is_admin_role = |role| self.admin_roles.iter().any(|admin| admin == role);
        self.admin_users.contains(&user.id) || self.roles_of(user).iter().any(is_admin_role)
    }

    /// Returns whether a user is an administrator who is not banned.
    #[must_use]
    pub fn is_active_administrator(&self, user: &User, now: DateTime<Utc>) -> bool {
        self.is_administrator(user) && !BanState::of(user, now).is_banned()
    }

    /// Returns whether a user is the only administrator who is not banned. `administrators` are all of them.
    #[must_use]
    pub fn is_last(&self, user: &User, administrators: &[User], now: DateTime<Utc>) -> bool {
        let mut others = administrators.iter().filter(|other| other.id != user.id);
        self.is_active_administrator(user, now)
            && !others.any(|other| self.is_active_administrator(other, now))
    }

    /// Returns whether a user may act for another one, who must not have permissions that the user does not have.
    #[must_use]
    pub fn may_impersonate(&self, user: &User, other: &User) -> bool {
        let is_permitted = self.may_impersonate_admins || !self.is_administrator(other);
        is_permitted && self.covers(user, other)
    }

    /// Returns whether a user may take over the account of another one, as by a new password or address: only one who has
    /// every permission of the other one, or who can give itself every role.
    #[must_use]
    pub fn may_take_over(&self, user: &User, other: &User) -> bool {
        let gives_roles = self.allows(user, Permission::SetRole) && !self.admin_users.contains(&other.id);
        gives_roles || self.covers(user, other)
    }

    /// Returns whether a user has every permission of another one.
    fn covers(&self, user: &User, other: &User) -> bool {
        if self.admin_users.contains(&user.id) {
            return true;
        }
        if self.admin_users.contains(&other.id) {
            return false;
        }
        let held = self.roles_of(other);
        let held = held.iter().filter_map(|role| self.roles.get(role));
        let mut permissions = held.flat_map(|statements| {
            let permissions = statements.iter();
            permissions.flat_map(|(resource, actions)| actions.iter().map(move |action| (resource, action)))
        });
        permissions.all(|(resource, action)| self.permits(user, &PermissionRequest::of(resource, action)))
    }

    /// Returns whether users may get a role of this name. A name with a comma is no name of a declared role.
    #[must_use]
    pub fn accepts_role(&self, name: &str) -> bool {
        !self.has_own_roles || self.roles.get(name).is_some()
    }

    /// Returns the first role of administrators.
    #[must_use]
    pub fn first_admin_role(&self) -> Option<&str> {
        self.admin_roles.first().map(String::as_str)
    }
}

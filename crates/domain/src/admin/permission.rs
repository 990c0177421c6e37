//! What administrators may do.

use crate::access::PermissionRequest;

/// A permission that a route requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Create users.
    CreateUsers,
    /// List and search users.
    ListUsers,
    /// Set the roles of users.
    SetRole,
    /// Ban users, and lift bans.
    Ban,
    /// Act for users.
    Impersonate,
    /// Delete users.
    DeleteUsers,
    /// Set passwords of users.
    SetPassword,
    /// View a user.
    GetUser,
    /// Change users.
    UpdateUsers,
    /// List the sessions of users.
    ListSessions,
    /// End the sessions of users.
    RevokeSessions,
}

impl Permission {
    /// The names of actions on users, in Better Auth's order.
    pub const OF_USERS: &[&str] = &[
        "create",
        "list",
        "set-role",
        "ban",
        "impersonate",
        "delete",
        "set-password",
        "get",
        "update",
    ];
    /// The names of actions on sessions, in Better Auth's order.
    pub const OF_SESSIONS: &[&str] = &["list", "revoke", "delete"];

    /// Returns the request for this permission.
    #[must_use]
    pub fn request(self) -> PermissionRequest {
        let (resource, action) = self.names();
        PermissionRequest::of(resource, action)
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::CreateUsers => ("user", "create"),
            Self::ListUsers => ("user", "list"),
            Self::SetRole => ("user", "set-role"),
            Self::Ban => ("user", "ban"),
            Self::Impersonate => ("user", "impersonate"),
            Self::DeleteUsers => ("user", "delete"),
            Self::SetPassword => ("user", "set-password"),
            Self::GetUser => ("user", "get"),
            Self::UpdateUsers => ("user", "update"),
            Self::ListSessions => ("session", "list"),
            Self::RevokeSessions => ("session", "revoke"),
        }
    }
}

//! The permissions that the use cases ask for.

/// A resource and one of its actions.
pub type Permission = (&'static str, &'static str);

/// Change the organization.
pub const UPDATE_ORGANIZATION: Permission = ("organization", "update");
/// Delete the organization.
pub const DELETE_ORGANIZATION: Permission = ("organization", "delete");
/// Change the roles of members, and add members to teams.
pub const UPDATE_MEMBER: Permission = ("member", "update");
/// Remove members, also from teams.
pub const DELETE_MEMBER: Permission = ("member", "delete");
/// Invite users.
pub const CREATE_INVITATION: Permission = ("invitation", "create");
/// Cancel invitations.
pub const CANCEL_INVITATION: Permission = ("invitation", "cancel");
/// Create teams.
pub const CREATE_TEAM: Permission = ("team", "create");
/// Change teams.
pub const UPDATE_TEAM: Permission = ("team", "update");
/// Delete teams.
pub const DELETE_TEAM: Permission = ("team", "delete");
/// Create roles.
pub const CREATE_ROLE: Permission = ("ac", "create");
/// Read roles.
pub const READ_ROLE: Permission = ("ac", "read");
/// Change roles.
pub const UPDATE_ROLE: Permission = ("ac", "update");
/// Delete roles.
pub const DELETE_ROLE: Permission = ("ac", "delete");

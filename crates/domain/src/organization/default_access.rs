//! Better Auth's default access control.

use crate::access::{Roles, Statements};

/// The role of a member who may do everything.
pub const OWNER: &str = "owner";
/// The role of a member who may do everything except delete the organization.
pub const ADMIN: &str = "admin";
/// The role of a member who may only read.
pub const MEMBER: &str = "member";
/// The names of Better Auth's own roles. An invitation may name them, even if the deployment configures others.
pub const DEFAULT_ROLES: [&str; 3] = [ADMIN, OWNER, MEMBER];

const CREATE_UPDATE_DELETE: &[&str] = &["create", "update", "delete"];
const CREATE_CANCEL: &[&str] = &["create", "cancel"];
const EVERY_ACTION_ON_ROLES: &[&str] = &["create", "read", "update", "delete"];

/// Returns the resources and actions of Better Auth's default access control.
#[must_use]
pub fn default_statements() -> Statements {
    Statements::of(&[
        ("organization", &["update", "delete"]),
        ("member", CREATE_UPDATE_DELETE),
        ("invitation", CREATE_CANCEL),
        ("team", CREATE_UPDATE_DELETE),
        ("ac", EVERY_ACTION_ON_ROLES),
    ])
}

/// Returns the roles of Better Auth's default access control.
#[must_use]
pub fn default_roles() -> Roles {
    let admin = Statements::of(&[
        ("organization", &["update"]),
        ("invitation", CREATE_CANCEL),
        ("member", CREATE_UPDATE_DELETE),
        ("team", CREATE_UPDATE_DELETE),
        ("ac", EVERY_ACTION_ON_ROLES),
    ]);
    let member = Statements::of(&[
        ("organization", &[]),
        ("member", &[]),
        ("invitation", &[]),
        ("team", &[]),
        ("ac", &["read"]),
    ]);
    Roles::new([
        (ADMIN.to_owned(), admin),
        (OWNER.to_owned(), default_statements()),
        (MEMBER.to_owned(), member),
    ])
}

//! Errors about roles that organizations create.

use thiserror::Error;

use crate::{
    organization::Unbegun,
    ports::{Failure, WriteError},
};

/// Why a role was not created.
#[derive(Debug, Error)]
pub enum CreateRoleError {
    /// The deployment does not configure which resources roles may contain.
    #[error("no statements are configured")]
    NoStatements,
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// A role cannot have this name.
    #[error("the name is invalid")]
    InvalidName,
    /// A role has this name.
    #[error("the name is taken")]
    NameTaken,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not create roles")]
    NotAllowed,
    /// The organization has the maximum number of roles.
    #[error("the organization has too many roles")]
    LimitReached,
    /// The role contains a resource that is not configured.
    #[error("an unknown resource")]
    UnknownResource,
    /// The role would permit what the caller may not do, each as `resource:action`.
    #[error("the caller lacks permissions")]
    Missing(Vec<String>),
    /// Another role has the value of a unique field.
    #[error("a unique field is taken")]
    FieldTaken,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a role was not changed.
#[derive(Debug, Error)]
pub enum UpdateRoleError {
    /// The deployment does not configure which resources roles may contain.
    #[error("no statements are configured")]
    NoStatements,
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not change roles")]
    NotAllowed,
    /// The organization has no such role.
    #[error("no such role")]
    NotFound,
    /// The role would contain a resource that is not configured.
    #[error("an unknown resource")]
    UnknownResource,
    /// The role would permit what the caller may not do, each as `resource:action`.
    #[error("the caller lacks permissions")]
    Missing(Vec<String>),
    /// A role cannot have the new name.
    #[error("the name is invalid")]
    InvalidName,
    /// A role has the new name.
    #[error("the name is taken")]
    NameTaken,
    /// Another role has the value of a unique field.
    #[error("a unique field is taken")]
    FieldTaken,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a role was not deleted.
#[derive(Debug, Error)]
pub enum DeleteRoleError {
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not delete roles")]
    NotAllowed,
    /// Every organization has the role.
    #[error("the role is configured")]
    Predefined,
    /// The organization has no such role.
    #[error("no such role")]
    NotFound,
    /// A member holds the role.
    #[error("a member holds the role")]
    IsAssigned,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why roles were not returned.
#[derive(Debug, Error)]
pub enum ReadRolesError {
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not read roles")]
    NotAllowed,
    /// The organization has no such role.
    #[error("no such role")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

macro_rules! from_unbegun {
    ($($error:ident),+) => {$(
        impl From<Unbegun> for $error {
            fn from(reason: Unbegun) -> Self {
                match reason {
                    Unbegun::NotAMember => Self::NotAMember,
                    Unbegun::SessionEnded => Self::SessionEnded,
                    Unbegun::Failure(failure) => Self::Failure(failure),
                }
            }
        }
    )+};
}

from_unbegun!(CreateRoleError, UpdateRoleError, DeleteRoleError);

macro_rules! from_write_error {
    ($($error:ident),+) => {$(
        impl From<WriteError> for $error {
            fn from(error: WriteError) -> Self {
                match error {
                    WriteError::Taken(_) => Self::FieldTaken,
                    WriteError::Failure(failure) => Self::Failure(failure),
                }
            }
        }
    )+};
}

from_write_error!(CreateRoleError, UpdateRoleError);

//! Why members are not added.

use crate::ports::{Failure, WriteError};

/// Why a member was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddMemberError {
    /// The request names a team, and teams are disabled.
    #[error("teams are disabled")]
    TeamsDisabled,
    /// There is no such user.
    #[error("there is no such user")]
    UserNotFound,
    /// There is no such organization.
    #[error("there is no such organization")]
    OrganizationNotFound,
    /// The organization has no roles of these names.
    #[error("the organization has no such roles")]
    RoleNotFound(Vec<String>),
    /// The user is a member.
    #[error("the user is a member already")]
    AlreadyMember,
    /// The organization has no such team.
    #[error("the organization has no such team")]
    TeamNotFound,
    /// The team has too many members.
    #[error("the team has too many members")]
    TeamLimitReached,
    /// The organization has too many members.
    #[error("the organization has too many members")]
    MembershipLimitReached,
    /// Another member has the value of a unique field.
    #[error("another member has the value of a unique field")]
    FieldTaken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for AddMemberError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

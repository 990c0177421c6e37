//! Why addresses are not invited.

use crate::{
    organization::Unbegun,
    ports::{Failure, WriteError},
};

/// Why an address was not invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The request names no organization, and the caller has no active one.
    #[error("there is no organization to invite to")]
    NoOrganization,
    /// The text is not an e-mail address.
    #[error("the text is not an e-mail address")]
    InvalidEmail,
    /// The caller is not a member.
    #[error("the caller is not a member of the organization")]
    MemberNotFound,
    /// The caller's roles do not permit it.
    #[error("the caller may not invite")]
    NotAllowed,
    /// The organization has no roles of these names.
    #[error("the organization has no such roles")]
    RoleNotFound(Vec<String>),
    /// Only members with the creator's role may give it, or roles that permit more than their own.
    #[error("the caller may not give the role")]
    RoleNotAllowed,
    /// The user with this address is a member.
    #[error("the user is a member already")]
    AlreadyMember,
    /// The address has an open invitation.
    #[error("the address has an open invitation")]
    AlreadyInvited,
    /// The organization has too many open invitations.
    #[error("the organization has too many open invitations")]
    LimitReached,
    /// The organization has no such team.
    #[error("the organization has no such team")]
    TeamNotFound,
    /// The team has too many members.
    #[error("the team has too many members")]
    TeamLimitReached,
    /// Another invitation has the value of a unique field.
    #[error("another invitation has the value of a unique field")]
    FieldTaken,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for InviteError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<Unbegun> for InviteError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Why invitations are not accepted.

use super::super::Unentitled;
use crate::ports::{Failure, WriteError};

/// Why an invitation was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInvitationError {
    /// There is no such invitation, it was answered or canceled, or it has expired.
    #[error("there is no open invitation")]
    NotFound,
    /// The invitation is addressed to another user.
    #[error("the caller is not the recipient")]
    NotRecipient,
    /// The caller's address is not verified.
    #[error("the caller's address is not verified")]
    EmailNotVerified,
    /// The organization has too many members.
    #[error("the organization has too many members")]
    MembershipLimitReached,
    /// The caller is a member.
    #[error("the caller is a member already")]
    AlreadyMember,
    /// A team of the invitation has too many members.
    #[error("a team has too many members")]
    TeamLimitReached,
    /// Another member has the default value of a unique field.
    #[error("another member has the value of a unique field")]
    FieldTaken,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<WriteError> for AcceptInvitationError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(_) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<Unentitled> for AcceptInvitationError {
    fn from(error: Unentitled) -> Self {
        match error {
            Unentitled::NotRecipient => Self::NotRecipient,
            Unentitled::EmailNotVerified => Self::EmailNotVerified,
        }
    }
}

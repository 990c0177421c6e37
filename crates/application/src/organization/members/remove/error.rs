//! Why members are not removed.

use crate::{organization::Unbegun, ports::Failure};

/// Why a member was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveMemberError {
    /// The caller is not a member, or there is no such member.
    #[error("there is no such member")]
    MemberNotFound,
    /// The member holds the creator's role, and the caller does not, or no other member does.
    #[error("the member is an owner whom the caller may not remove")]
    OnlyOwner,
    /// The caller's roles do not permit it.
    #[error("the caller may not remove members")]
    NotAllowed,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for RemoveMemberError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

//! Why the roles of members are not changed.

use crate::{organization::Unbegun, ports::Failure};

/// Why the roles of a member were not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateMemberRoleError {
    /// The request names no organization, and the caller has no active one.
    #[error("the caller has no active organization")]
    NoOrganization,
    /// The caller is not a member, or there is no such member.
    #[error("there is no such member")]
    MemberNotFound,
    /// The caller's roles do not permit it, or the member belongs to another organization.
    #[error("the caller may not change the member")]
    NotAllowed,
    /// Organizations create roles, and this one has none of these names.
    #[error("the organization has no such roles")]
    RoleNotFound(Vec<String>),
    /// No member with the creator's role would be left.
    #[error("the organization would have no owner")]
    WithoutOwner,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<Unbegun> for UpdateMemberRoleError {
    fn from(error: Unbegun) -> Self {
        match error {
            Unbegun::NotAMember => Self::MemberNotFound,
            Unbegun::SessionEnded => Self::SessionEnded,
            Unbegun::Failure(failure) => Self::Failure(failure),
        }
    }
}

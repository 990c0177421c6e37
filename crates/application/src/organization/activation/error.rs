//! Why the active organization is not chosen.

use crate::ports::Failure;

/// Why the active organization was not chosen.
#[derive(Debug, thiserror::Error)]
pub enum SetActiveError {
    /// There is no organization with the slug.
    #[error("there is no such organization")]
    NotFound,
    /// The caller is not a member of the organization. The caller now has no active organization, as in Better Auth.
    #[error("the caller is not a member of the organization")]
    NotAMember,
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

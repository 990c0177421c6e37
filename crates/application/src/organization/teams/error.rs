//! Errors about teams.

use thiserror::Error;

use super::Unbegun;
use crate::ports::Failure;

/// Why a team was not created.
#[derive(Debug, Error)]
pub enum CreateTeamError {
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not create teams")]
    NotAllowed,
    /// The organization has the maximum number of teams.
    #[error("the organization has too many teams")]
    LimitReached,
    /// Another team has the value of a unique field.
    #[error("a unique field is taken")]
    FieldTaken,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a team was not changed.
#[derive(Debug, Error)]
pub enum UpdateTeamError {
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not change teams")]
    NotAllowed,
    /// The organization has no such team.
    #[error("no such team")]
    NotFound,
    /// Another team has the value of a unique field.
    #[error("a unique field is taken")]
    FieldTaken,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a team was not removed.
#[derive(Debug, Error)]
pub enum RemoveTeamError {
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The caller works in the team.
    #[error("the team is the caller's active team")]
    IsActive,
    /// The caller's roles do not permit it.
    #[error("the caller may not remove teams")]
    NotAllowed,
    /// The organization has no such team.
    #[error("no such team")]
    NotFound,
    /// It is the only team of the organization.
    #[error("the team is the last one")]
    LastTeam,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why the teams of an organization were not listed.
#[derive(Debug, Error)]
pub enum ListTeamsError {
    /// The request names no organization, and the caller works in none.
    #[error("no organization")]
    NoOrganization,
    /// The caller is not a member of the organization.
    #[error("the caller is not a member")]
    NotAMember,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why the caller's active team was not changed.
#[derive(Debug, Error)]
pub enum SetActiveTeamError {
    /// There is no such team.
    #[error("no such team")]
    NotFound,
    /// The caller is not a member of the team.
    #[error("the caller is not in the team")]
    NotInTeam,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why the members of a team were not listed.
#[derive(Debug, Error)]
pub enum ListTeamMembersError {
    /// The request names no team, and the caller works in none.
    #[error("no team")]
    NoTeam,
    /// The caller is not a member of the team.
    #[error("the caller is not in the team")]
    NotInTeam,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a member of an organization was not added to a team, or not removed from it.
#[derive(Debug, Error)]
pub enum TeamMemberError {
    /// The caller works in no organization.
    #[error("no organization")]
    NoOrganization,
    /// The caller, or the user, is not a member of the organization.
    #[error("the user is not a member")]
    NotAMember,
    /// The caller's roles do not permit it.
    #[error("the caller may not change the members of teams")]
    NotAllowed,
    /// The organization has no such team.
    #[error("no such team")]
    NotFound,
    /// The team has the maximum number of members.
    #[error("the team has too many members")]
    LimitReached,
    /// The user is not a member of the team.
    #[error("the user is not in the team")]
    NotInTeam,
    /// The caller's session has ended.
    #[error("the session has ended")]
    SessionEnded,
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

from_unbegun!(CreateTeamError, UpdateTeamError, RemoveTeamError, TeamMemberError);

//! The errors about teams.

use portcullis_application::organization::teams::{
    CreateTeamError, ListTeamMembersError, ListTeamsError, RemoveTeamError, SetActiveTeamError,
    TeamMemberError, UpdateTeamError,
};

use crate::{
    code::{self, Code},
    error::ApiError,
    organization::code::{invitation, of_organization, team},
};

impl From<CreateTeamError> for ApiError {
    fn from(error: CreateTeamError) -> Self {
        match error {
            CreateTeamError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            CreateTeamError::NotAMember => (&invitation::MAY_NOT_INVITE).into(),
            CreateTeamError::NotAllowed => (&team::MAY_NOT_CREATE_TEAM).into(),
            CreateTeamError::LimitReached => (&team::TOO_MANY_TEAMS).into(),
            CreateTeamError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            CreateTeamError::SessionEnded => (&code::UNAUTHORIZED).into(),
            CreateTeamError::Failure(failure) => failure.into(),
        }
    }
}

impl From<UpdateTeamError> for ApiError {
    fn from(error: UpdateTeamError) -> Self {
        match error {
            UpdateTeamError::NotAMember | UpdateTeamError::NotAllowed => (&team::MAY_NOT_UPDATE_TEAM).into(),
            UpdateTeamError::NotFound => (&team::TEAM_NOT_FOUND).into(),
            UpdateTeamError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            UpdateTeamError::SessionEnded => (&code::UNAUTHORIZED).into(),
            UpdateTeamError::Failure(failure) => failure.into(),
        }
    }
}

impl From<RemoveTeamError> for ApiError {
    fn from(error: RemoveTeamError) -> Self {
        match error {
            RemoveTeamError::NotAMember | RemoveTeamError::IsActive => (&team::MAY_NOT_DELETE_TEAM).into(),
            RemoveTeamError::NotAllowed => (&team::MAY_NOT_DELETE_TEAMS).into(),
            RemoveTeamError::NotFound => (&team::TEAM_NOT_FOUND).into(),
            RemoveTeamError::LastTeam => (&team::LAST_TEAM).into(),
            RemoveTeamError::SessionEnded => (&code::UNAUTHORIZED).into(),
            RemoveTeamError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ListTeamsError> for ApiError {
    fn from(error: ListTeamsError) -> Self {
        match error {
            ListTeamsError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            ListTeamsError::NotAMember => (&team::MAY_NOT_LIST_TEAMS).into(),
            ListTeamsError::Failure(failure) => failure.into(),
        }
    }
}

impl From<SetActiveTeamError> for ApiError {
    fn from(error: SetActiveTeamError) -> Self {
        match error {
            SetActiveTeamError::NotFound => (&team::TEAM_NOT_FOUND).into(),
            SetActiveTeamError::NotInTeam => (&team::NOT_IN_TEAM).into(),
            SetActiveTeamError::SessionEnded => (&code::UNAUTHORIZED).into(),
            SetActiveTeamError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ListTeamMembersError> for ApiError {
    fn from(error: ListTeamMembersError) -> Self {
        match error {
            ListTeamMembersError::NoTeam => (&team::NO_ACTIVE_TEAM).into(),
            ListTeamMembersError::NotInTeam => (&team::USER_NOT_IN_TEAM).into(),
            ListTeamMembersError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the error of a change of the team's members; `not_allowed` is the route's own code.
pub(in crate::organization) fn of_team_member(
    error: TeamMemberError,
    not_allowed: &'static Code,
) -> ApiError {
    match error {
        TeamMemberError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
        TeamMemberError::NotAMember => (&of_organization::NOT_A_MEMBER_OF_THE_ORGANIZATION).into(),
        TeamMemberError::NotAllowed => not_allowed.into(),
        TeamMemberError::NotFound => (&team::TEAM_NOT_FOUND).into(),
        TeamMemberError::LimitReached => (&team::TEAM_MEMBER_LIMIT_REACHED).into(),
        TeamMemberError::NotInTeam => (&team::USER_NOT_IN_TEAM).into(),
        TeamMemberError::SessionEnded => (&code::UNAUTHORIZED).into(),
        TeamMemberError::Failure(failure) => failure.into(),
    }
}

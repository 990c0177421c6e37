//! The errors about members.

use portcullis_application::organization::{
    AddMemberError, HasPermissionError, LeaveOrganizationError, ListMembersError, MemberRoleError,
    RemoveMemberError, UpdateMemberRoleError,
};

use super::role::roles_not_found;
use crate::{
    code,
    error::ApiError,
    organization::code::{member, of_organization, team},
};

impl From<MemberRoleError> for ApiError {
    fn from(error: MemberRoleError) -> Self {
        match error {
            MemberRoleError::NotFound => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            MemberRoleError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            MemberRoleError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            MemberRoleError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ListMembersError> for ApiError {
    fn from(error: ListMembersError) -> Self {
        match error {
            ListMembersError::NotFound => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            ListMembersError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            ListMembersError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            ListMembersError::InvalidField(name) => Self::with_message(
                &of_organization::INVALID_FIELD,
                format!("Members cannot be listed by the field \"{name}\" in this way"),
            ),
            ListMembersError::Failure(failure) => failure.into(),
        }
    }
}

impl From<RemoveMemberError> for ApiError {
    fn from(error: RemoveMemberError) -> Self {
        match error {
            RemoveMemberError::MemberNotFound => (&member::MEMBER_NOT_FOUND).into(),
            RemoveMemberError::OnlyOwner => (&member::ONLY_OWNER).into(),
            RemoveMemberError::NotAllowed => (&member::MAY_NOT_DELETE_MEMBER).into(),
            RemoveMemberError::SessionEnded => (&code::UNAUTHORIZED).into(),
            RemoveMemberError::Failure(failure) => failure.into(),
        }
    }
}

impl From<UpdateMemberRoleError> for ApiError {
    fn from(error: UpdateMemberRoleError) -> Self {
        match error {
            UpdateMemberRoleError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            UpdateMemberRoleError::MemberNotFound => (&member::MEMBER_NOT_FOUND).into(),
            UpdateMemberRoleError::NotAllowed => (&member::MAY_NOT_UPDATE_MEMBER).into(),
            UpdateMemberRoleError::RoleNotFound(names) => roles_not_found(&names),
            UpdateMemberRoleError::WithoutOwner => (&member::WITHOUT_OWNER).into(),
            UpdateMemberRoleError::SessionEnded => (&code::UNAUTHORIZED).into(),
            UpdateMemberRoleError::Failure(failure) => failure.into(),
        }
    }
}

impl From<LeaveOrganizationError> for ApiError {
    fn from(error: LeaveOrganizationError) -> Self {
        match error {
            LeaveOrganizationError::MemberNotFound => (&member::MEMBER_NOT_FOUND).into(),
            LeaveOrganizationError::OnlyOwner => (&member::ONLY_OWNER).into(),
            LeaveOrganizationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            LeaveOrganizationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<HasPermissionError> for ApiError {
    fn from(error: HasPermissionError) -> Self {
        match error {
            HasPermissionError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            HasPermissionError::NotAMember => (&of_organization::PERMISSIONS_OF_NO_MEMBER).into(),
            HasPermissionError::Failure(failure) => failure.into(),
        }
    }
}

impl From<AddMemberError> for ApiError {
    fn from(error: AddMemberError) -> Self {
        match error {
            AddMemberError::TeamsDisabled => (&team::TEAMS_DISABLED).into(),
            AddMemberError::UserNotFound => (&of_organization::USER_NOT_FOUND).into(),
            AddMemberError::RoleNotFound(names) => roles_not_found(&names),
            AddMemberError::AlreadyMember => (&member::ALREADY_A_MEMBER).into(),
            AddMemberError::TeamNotFound => (&team::TEAM_NOT_FOUND).into(),
            AddMemberError::TeamLimitReached => (&team::TEAM_MEMBER_LIMIT_REACHED).into(),
            AddMemberError::MembershipLimitReached => (&member::MEMBERSHIP_LIMIT_REACHED).into(),
            AddMemberError::OrganizationNotFound => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            AddMemberError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            AddMemberError::Failure(failure) => failure.into(),
        }
    }
}

//! The errors about invitations.

use portcullis_application::organization::{
    AcceptInvitationError, CancelInvitationError, InviteError, ListInvitationsError, ReadInvitationError,
    RejectInvitationError,
};

use super::role::roles_not_found;
use crate::{
    code,
    error::ApiError,
    organization::code::{invitation, member, of_organization, team},
};

impl From<InviteError> for ApiError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NoOrganization => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            InviteError::InvalidEmail => (&code::INVALID_EMAIL).into(),
            InviteError::MemberNotFound => (&member::MEMBER_NOT_FOUND).into(),
            InviteError::NotAllowed => (&invitation::MAY_NOT_INVITE).into(),
            InviteError::RoleNotFound(names) => roles_not_found(&names),
            InviteError::RoleNotAllowed => (&invitation::MAY_NOT_INVITE_WITH_ROLE).into(),
            InviteError::AlreadyMember => (&member::ALREADY_A_MEMBER).into(),
            InviteError::AlreadyInvited => (&invitation::ALREADY_INVITED).into(),
            InviteError::LimitReached => (&invitation::INVITATION_LIMIT_REACHED).into(),
            InviteError::TeamNotFound => (&team::TEAM_NOT_FOUND).into(),
            InviteError::TeamLimitReached => (&team::TEAM_MEMBER_LIMIT_REACHED).into(),
            InviteError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            InviteError::SessionEnded => (&code::UNAUTHORIZED).into(),
            InviteError::Failure(failure) => failure.into(),
        }
    }
}

impl From<AcceptInvitationError> for ApiError {
    fn from(error: AcceptInvitationError) -> Self {
        match error {
            AcceptInvitationError::NotFound => (&invitation::INVITATION_NOT_FOUND).into(),
            AcceptInvitationError::NotRecipient => (&invitation::NOT_THE_RECIPIENT).into(),
            AcceptInvitationError::EmailNotVerified => (&invitation::VERIFICATION_REQUIRED).into(),
            AcceptInvitationError::MembershipLimitReached => (&member::MEMBERSHIP_LIMIT_REACHED).into(),
            AcceptInvitationError::AlreadyMember => (&member::ALREADY_A_MEMBER).into(),
            AcceptInvitationError::TeamLimitReached => (&team::TEAM_MEMBER_LIMIT_REACHED).into(),
            AcceptInvitationError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            AcceptInvitationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            AcceptInvitationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<RejectInvitationError> for ApiError {
    fn from(error: RejectInvitationError) -> Self {
        match error {
            RejectInvitationError::NotFound => missing(),
            RejectInvitationError::NotRecipient => (&invitation::NOT_THE_RECIPIENT).into(),
            RejectInvitationError::EmailNotVerified => (&invitation::VERIFICATION_REQUIRED).into(),
            RejectInvitationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            RejectInvitationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<CancelInvitationError> for ApiError {
    fn from(error: CancelInvitationError) -> Self {
        match error {
            CancelInvitationError::NotFound => (&invitation::INVITATION_NOT_FOUND).into(),
            CancelInvitationError::MemberNotFound => (&member::MEMBER_NOT_FOUND).into(),
            CancelInvitationError::NotAllowed => (&invitation::MAY_NOT_CANCEL).into(),
            CancelInvitationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            CancelInvitationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ReadInvitationError> for ApiError {
    fn from(error: ReadInvitationError) -> Self {
        match error {
            ReadInvitationError::NotFound => missing(),
            ReadInvitationError::NotRecipient => (&invitation::NOT_THE_RECIPIENT).into(),
            ReadInvitationError::EmailNotVerified => (&invitation::VERIFICATION_REQUIRED).into(),
            ReadInvitationError::InviterLeft => (&invitation::INVITER_LEFT).into(),
            ReadInvitationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<ListInvitationsError> for ApiError {
    fn from(error: ListInvitationsError) -> Self {
        match error {
            ListInvitationsError::NoOrganization => (&of_organization::ORGANIZATION_ID_IS_REQUIRED).into(),
            ListInvitationsError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            ListInvitationsError::Failure(failure) => failure.into(),
        }
    }
}

/// wire: the name is the same as elsewhere, with another message.
fn missing() -> ApiError {
    ApiError::with_message(&invitation::INVITATION_NOT_FOUND, "Invitation not found!")
}

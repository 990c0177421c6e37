//! The errors about organizations themselves.

use portcullis_application::organization::{
    CreateForUserError, CreateOrganizationError, DeleteOrganizationError, FullOrganizationError,
    SetActiveError, UpdateOrganizationError,
};

use crate::{code, error::ApiError, organization::code::of_organization};

impl From<CreateOrganizationError> for ApiError {
    fn from(error: CreateOrganizationError) -> Self {
        match error {
            CreateOrganizationError::NotAllowed => (&of_organization::MAY_NOT_CREATE).into(),
            CreateOrganizationError::LimitReached => (&of_organization::TOO_MANY_ORGANIZATIONS).into(),
            CreateOrganizationError::SlugTaken => (&of_organization::ORGANIZATION_EXISTS).into(),
            CreateOrganizationError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            CreateOrganizationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            CreateOrganizationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<CreateForUserError> for ApiError {
    fn from(error: CreateForUserError) -> Self {
        match error {
            CreateForUserError::UserNotFound => (&of_organization::USER_NOT_FOUND).into(),
            CreateForUserError::LimitReached => (&of_organization::TOO_MANY_ORGANIZATIONS).into(),
            CreateForUserError::SlugTaken => (&of_organization::ORGANIZATION_EXISTS).into(),
            CreateForUserError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            CreateForUserError::Failure(failure) => failure.into(),
        }
    }
}

impl From<UpdateOrganizationError> for ApiError {
    fn from(error: UpdateOrganizationError) -> Self {
        match error {
            UpdateOrganizationError::NoOrganization => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            UpdateOrganizationError::NotAMember => {
                (&of_organization::NOT_A_MEMBER_OF_THE_ORGANIZATION).into()
            }
            UpdateOrganizationError::NotAllowed => (&of_organization::MAY_NOT_UPDATE).into(),
            UpdateOrganizationError::SlugTaken => (&of_organization::SLUG_TAKEN).into(),
            UpdateOrganizationError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            UpdateOrganizationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            UpdateOrganizationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<DeleteOrganizationError> for ApiError {
    fn from(error: DeleteOrganizationError) -> Self {
        match error {
            DeleteOrganizationError::Disabled => (&of_organization::DELETION_DISABLED).into(),
            DeleteOrganizationError::NotAMember => {
                (&of_organization::NOT_A_MEMBER_OF_THE_ORGANIZATION).into()
            }
            DeleteOrganizationError::NotAllowed => (&of_organization::MAY_NOT_DELETE).into(),
            DeleteOrganizationError::SessionEnded => (&code::UNAUTHORIZED).into(),
            DeleteOrganizationError::Failure(failure) => failure.into(),
        }
    }
}

impl From<SetActiveError> for ApiError {
    fn from(error: SetActiveError) -> Self {
        match error {
            SetActiveError::NotFound => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            SetActiveError::NotAMember => (&of_organization::FOREIGN_ORGANIZATION).into(),
            SetActiveError::SessionEnded => (&code::UNAUTHORIZED).into(),
            SetActiveError::Failure(failure) => failure.into(),
        }
    }
}

impl From<FullOrganizationError> for ApiError {
    fn from(error: FullOrganizationError) -> Self {
        match error {
            FullOrganizationError::NotFound => (&of_organization::ORGANIZATION_NOT_FOUND).into(),
            FullOrganizationError::NotAMember => (&of_organization::FOREIGN_ORGANIZATION).into(),
            FullOrganizationError::Failure(failure) => failure.into(),
        }
    }
}

//! The errors about roles that organizations create.

use portcullis_application::organization::roles::{
    CreateRoleError, DeleteRoleError, ReadRolesError, UpdateRoleError,
};

use crate::{
    code::{self, Code},
    error::ApiError,
    organization::code::{of_organization, role},
};

impl From<CreateRoleError> for ApiError {
    fn from(error: CreateRoleError) -> Self {
        match error {
            CreateRoleError::NoStatements => (&role::NO_AC).into(),
            CreateRoleError::NoOrganization => (&role::NOT_IN_AN_ORGANIZATION).into(),
            CreateRoleError::InvalidName => invalid_name("body.role"),
            CreateRoleError::NameTaken => (&role::ROLE_NAME_TAKEN).into(),
            CreateRoleError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            CreateRoleError::NotAllowed => (&role::MAY_NOT_CREATE_ROLE).into(),
            CreateRoleError::LimitReached => (&role::TOO_MANY_ROLES).into(),
            CreateRoleError::UnknownResource => (&role::INVALID_RESOURCE).into(),
            CreateRoleError::Missing(missing) => lacking(&role::MAY_NOT_CREATE_ROLE, missing),
            CreateRoleError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            CreateRoleError::SessionEnded => (&code::UNAUTHORIZED).into(),
            CreateRoleError::Failure(failure) => failure.into(),
        }
    }
}

impl From<UpdateRoleError> for ApiError {
    fn from(error: UpdateRoleError) -> Self {
        match error {
            UpdateRoleError::NoStatements => (&role::NO_AC).into(),
            UpdateRoleError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            UpdateRoleError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            UpdateRoleError::NotAllowed => (&role::MAY_NOT_UPDATE_ROLE).into(),
            UpdateRoleError::NotFound => (&role::ROLE_NOT_FOUND).into(),
            UpdateRoleError::UnknownResource => (&role::INVALID_RESOURCE).into(),
            UpdateRoleError::Missing(missing) => lacking(&role::MAY_NOT_UPDATE_ROLE, missing),
            UpdateRoleError::InvalidName => invalid_name("body.data.roleName"),
            UpdateRoleError::NameTaken => (&role::ROLE_NAME_TAKEN).into(),
            UpdateRoleError::FieldTaken => (&of_organization::FIELD_TAKEN).into(),
            UpdateRoleError::SessionEnded => (&code::UNAUTHORIZED).into(),
            UpdateRoleError::Failure(failure) => failure.into(),
        }
    }
}

impl From<DeleteRoleError> for ApiError {
    fn from(error: DeleteRoleError) -> Self {
        match error {
            DeleteRoleError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
            DeleteRoleError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
            DeleteRoleError::NotAllowed => (&role::MAY_NOT_DELETE_ROLE).into(),
            DeleteRoleError::Predefined => (&role::PREDEFINED_ROLE).into(),
            DeleteRoleError::NotFound => (&role::ROLE_NOT_FOUND).into(),
            DeleteRoleError::IsAssigned => (&role::ROLE_IS_ASSIGNED).into(),
            DeleteRoleError::SessionEnded => (&code::UNAUTHORIZED).into(),
            DeleteRoleError::Failure(failure) => failure.into(),
        }
    }
}

/// Returns the error of reading roles; `not_allowed` is the route's own code.
pub(in crate::organization) fn of_reading(error: ReadRolesError, not_allowed: &'static Code) -> ApiError {
    match error {
        ReadRolesError::NoOrganization => (&of_organization::NO_ACTIVE_ORGANIZATION).into(),
        ReadRolesError::NotAMember => (&of_organization::NOT_A_MEMBER).into(),
        ReadRolesError::NotAllowed => not_allowed.into(),
        ReadRolesError::NotFound => (&role::ROLE_NOT_FOUND).into(),
        ReadRolesError::Failure(failure) => failure.into(),
    }
}

/// wire: the permissions that the caller lacks stand in the body.
fn lacking(code: &'static Code, missing: Vec<String>) -> ApiError {
    ApiError::from(code).with_extra("missingPermissions", missing.into())
}

/// Names roles that do not exist.
pub(super) fn roles_not_found(names: &[String]) -> ApiError {
    let names = names.join(", ");
    if names.is_empty() {
        return (&role::ROLE_NOT_FOUND).into();
    }
    let message = format!("Role not found: {names}");
    ApiError::named_after(&role::ROLES_NOT_FOUND, &message.clone(), message)
}

fn invalid_name(place: &str) -> ApiError {
    let message = format!(
        "[{place}] Invalid name: it must not be empty, contain a comma, or begin or end with a space"
    );
    ApiError::with_message(&code::VALIDATION_ERROR, message)
}

//! Error codes about organizations themselves.

use crate::code::Code;

pub(in crate::organization) const MAY_NOT_CREATE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION",
    "You are not allowed to create a new organization",
);
pub(in crate::organization) const TOO_MANY_ORGANIZATIONS: Code = Code::new(
    403,
    "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS",
    "You have reached the maximum number of organizations",
);
pub(in crate::organization) const ORGANIZATION_EXISTS: Code =
    Code::new(400, "ORGANIZATION_ALREADY_EXISTS", "Organization already exists");
pub(in crate::organization) const SLUG_TAKEN: Code = Code::new(
    400,
    "ORGANIZATION_SLUG_ALREADY_TAKEN",
    "Organization slug already taken",
);
pub(in crate::organization) const SLUG_IS_TAKEN: Code = Code::new(400, "SLUG_IS_TAKEN", "slug is taken");
pub(in crate::organization) const ORGANIZATION_NOT_FOUND: Code =
    Code::new(400, "ORGANIZATION_NOT_FOUND", "Organization not found");
pub(in crate::organization) const NOT_A_MEMBER_OF_THE_ORGANIZATION: Code = Code::new(
    400,
    "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    "User is not a member of the organization",
);
pub(in crate::organization) const FOREIGN_ORGANIZATION: Code = Code::new(
    403,
    "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    "User is not a member of the organization",
);
pub(in crate::organization) const PERMISSIONS_OF_NO_MEMBER: Code = Code::new(
    401,
    "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
    "User is not a member of the organization",
);
pub(in crate::organization) const NOT_A_MEMBER: Code = Code::new(
    403,
    "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
    "You are not a member of this organization",
);
pub(in crate::organization) const MAY_NOT_UPDATE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION",
    "You are not allowed to update this organization",
);
pub(in crate::organization) const MAY_NOT_DELETE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION",
    "You are not allowed to delete this organization",
);
pub(in crate::organization) const DELETION_DISABLED: Code = Code::new(
    404,
    "ORGANIZATION_DELETION_IS_DISABLED",
    "Organization deletion is disabled",
);
pub(in crate::organization) const NO_ACTIVE_ORGANIZATION: Code =
    Code::new(400, "NO_ACTIVE_ORGANIZATION", "No active organization");
pub(in crate::organization) const ORGANIZATION_ID_IS_REQUIRED: Code =
    Code::new(400, "ORGANIZATION_ID_IS_REQUIRED", "Organization ID is required");
pub(in crate::organization) const SIGNED_OUT: Code = Code::new(401, "USER_NOT_FOUND", "User not found");
pub(in crate::organization) const USER_NOT_FOUND: Code = Code::new(400, "USER_NOT_FOUND", "User not found");
pub(in crate::organization) const NOT_AUTHENTICATED: Code =
    Code::new(401, "NOT_AUTHENTICATED", "Not authenticated");

/// Another row has the value of a unique field. Better Auth fails with 500.
pub(in crate::organization) const FIELD_TAKEN: Code =
    Code::new(422, "FIELD_IS_ALREADY_TAKEN", "Field is already taken");
/// Members have no field by which the list is to be sorted or filtered. Better Auth fails with 500.
pub(in crate::organization) const INVALID_FIELD: Code = Code::new(400, "INVALID_FIELD", "Invalid field");

pub(crate) const CODES: &[&Code] = &[
    &MAY_NOT_CREATE,
    &TOO_MANY_ORGANIZATIONS,
    &ORGANIZATION_EXISTS,
    &SLUG_TAKEN,
    &SLUG_IS_TAKEN,
    &ORGANIZATION_NOT_FOUND,
    &NOT_A_MEMBER_OF_THE_ORGANIZATION,
    &FOREIGN_ORGANIZATION,
    &PERMISSIONS_OF_NO_MEMBER,
    &NOT_A_MEMBER,
    &MAY_NOT_UPDATE,
    &MAY_NOT_DELETE,
    &DELETION_DISABLED,
    &NO_ACTIVE_ORGANIZATION,
    &ORGANIZATION_ID_IS_REQUIRED,
    &SIGNED_OUT,
    &USER_NOT_FOUND,
    &NOT_AUTHENTICATED,
    &FIELD_TAKEN,
    &INVALID_FIELD,
];

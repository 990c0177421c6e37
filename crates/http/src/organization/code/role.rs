//! Error codes about roles.

use crate::code::Code;

pub(in crate::organization) const ROLE_NOT_FOUND: Code = Code::new(400, "ROLE_NOT_FOUND", "Role not found");
/// The server warns at its start about the configuration that causes this error.
pub(in crate::organization) const NO_AC: Code = Code::new(
    501,
    "DYNAMIC_ACCESS_CONTROL_REQUIRES_A_PREDEFINED_AC_INSTANCE_ON_THE_SERVER_AUTH_PLUGIN_READ_SERVER_LOGS_FOR_MORE_INFORMATION",
    "Dynamic Access Control requires a pre-defined ac instance on the server auth plugin. Read server logs for more information",
)
.caused_by_clients();
pub(in crate::organization) const NOT_IN_AN_ORGANIZATION: Code = Code::new(
    400,
    "YOU_MUST_BE_IN_AN_ORGANIZATION_TO_CREATE_A_ROLE",
    "You must be in an organization to create a role",
);
pub(in crate::organization) const MAY_NOT_CREATE_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE",
    "You are not allowed to create a role",
);
pub(in crate::organization) const MAY_NOT_UPDATE_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE",
    "You are not allowed to update a role",
);
pub(in crate::organization) const MAY_NOT_DELETE_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE",
    "You are not allowed to delete a role",
);
pub(in crate::organization) const MAY_NOT_READ_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE",
    "You are not allowed to read a role",
);
pub(in crate::organization) const MAY_NOT_LIST_ROLES: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE",
    "You are not allowed to list a role",
);
pub(in crate::organization) const TOO_MANY_ROLES: Code = Code::new(
    400,
    "THIS_ORGANIZATION_HAS_TOO_MANY_ROLES",
    "This organization has too many roles",
);
pub(in crate::organization) const INVALID_RESOURCE: Code = Code::new(
    400,
    "THE_PROVIDED_PERMISSION_INCLUDES_AN_INVALID_RESOURCE",
    "The provided permission includes an invalid resource",
);
pub(in crate::organization) const ROLE_NAME_TAKEN: Code = Code::new(
    400,
    "THAT_ROLE_NAME_IS_ALREADY_TAKEN",
    "That role name is already taken",
);
pub(in crate::organization) const PREDEFINED_ROLE: Code = Code::new(
    400,
    "CANNOT_DELETE_A_PREDEFINED_ROLE",
    "Cannot delete a pre-defined role",
);
pub(in crate::organization) const ROLE_IS_ASSIGNED: Code = Code::new(
    400,
    "CANNOT_DELETE_A_ROLE_THAT_IS_ASSIGNED_TO_MEMBERS_PLEASE_REASSIGN_THE_MEMBERS_TO_A_DIFFERENT_ROLE_FIRST",
    "Cannot delete a role that is assigned to members. Please reassign the members to a different role first",
);
/// wire: the names of the roles stand in the message, so that they are in the name, too.
pub(in crate::organization) const ROLES_NOT_FOUND: Code =
    Code::new(400, "ROLE_NOT_FOUND_NAMES", "Role not found: names").varying("NAMES");

pub(crate) const CODES: &[&Code] = &[
    &ROLE_NOT_FOUND,
    &NO_AC,
    &NOT_IN_AN_ORGANIZATION,
    &MAY_NOT_CREATE_ROLE,
    &MAY_NOT_UPDATE_ROLE,
    &MAY_NOT_DELETE_ROLE,
    &MAY_NOT_READ_ROLE,
    &MAY_NOT_LIST_ROLES,
    &TOO_MANY_ROLES,
    &INVALID_RESOURCE,
    &ROLE_NAME_TAKEN,
    &PREDEFINED_ROLE,
    &ROLE_IS_ASSIGNED,
    &ROLES_NOT_FOUND,
];

//! Error codes of administration.

use portcullis_application::admin::AdminError;
use portcullis_domain::admin::Permission;

pub(super) use crate::code::{
    INVALID_EMAIL, NOT_ALLOWED_WHILE_IMPERSONATING, PASSWORD_COMPROMISED, PASSWORD_TOO_LONG,
    PASSWORD_TOO_SHORT, VALIDATION_ERROR,
};
use crate::{
    code::{self, Code},
    error::ApiError,
    refusal::Refusals,
};

pub(super) const MAY_NOT_CREATE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS",
    "You are not allowed to create users",
);
pub(super) const MAY_NOT_LIST: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS",
    "You are not allowed to list users",
);
pub(super) const MAY_NOT_SET_ROLE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE",
    "You are not allowed to change users role",
);
pub(super) const MAY_NOT_BAN: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS",
    "You are not allowed to ban users",
);
pub(super) const MAY_NOT_IMPERSONATE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS",
    "You are not allowed to impersonate users",
);
pub(super) const MAY_NOT_DELETE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS",
    "You are not allowed to delete users",
);
pub(super) const MAY_NOT_SET_PASSWORD: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD",
    "You are not allowed to set users password",
);
pub(super) const MAY_NOT_GET: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_GET_USER",
    "You are not allowed to get user",
);
pub(super) const MAY_NOT_UPDATE: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS",
    "You are not allowed to update users",
);
pub(super) const MAY_NOT_LIST_SESSIONS: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS",
    "You are not allowed to list users sessions",
);
pub(super) const MAY_NOT_REVOKE_SESSIONS: Code = Code::new(
    403,
    "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS",
    "You are not allowed to revoke users sessions",
);
pub(super) const BANNED: Code = Code::new(403, "BANNED_USER", "You have been banned from this application");
pub(super) const IS_ADMINISTRATOR: Code = Code::new(
    403,
    "YOU_CANNOT_IMPERSONATE_ADMINS",
    "You cannot impersonate admins",
);
pub(super) const USER_NOT_FOUND: Code = Code::new(404, "USER_NOT_FOUND", "User not found");
pub(super) const EMAIL_TAKEN: Code = Code::new(
    400,
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    "User already exists. Use another email.",
);
/// Another user has the value of a unique field. Better Auth fails with 500.
pub(super) const NOT_STORED: Code = Code::new(422, "FAILED_TO_UPDATE_USER", "Failed to update user");
pub(super) const NO_DATA: Code = Code::new(400, "NO_DATA_TO_UPDATE", "No data to update");
pub(super) const INVALID_ROLE: Code = Code::new(400, "INVALID_ROLE_TYPE", "Invalid role type");
pub(super) const UNKNOWN_ROLE: Code = Code::new(
    400,
    "YOU_ARE_NOT_ALLOWED_TO_SET_A_NONEXISTENT_ROLE_VALUE",
    "You are not allowed to set a non-existent role value",
);
pub(super) const BANS_ITSELF: Code = Code::new(400, "YOU_CANNOT_BAN_YOURSELF", "You cannot ban yourself");
pub(super) const REMOVES_ITSELF: Code =
    Code::new(400, "YOU_CANNOT_REMOVE_YOURSELF", "You cannot remove yourself");
/// Better Auth lets the last administrator be demoted, banned or deleted.
pub(super) const LAST_ADMINISTRATOR: Code =
    Code::new(400, "LAST_ADMINISTRATOR", "The last administrator must remain");
pub(super) const NOT_IMPERSONATING: Code = Code::new(
    400,
    "YOU_ARE_NOT_IMPERSONATING_ANYONE",
    "You are not impersonating anyone",
);
pub(super) const ADMINISTRATOR_SESSION_NOT_FOUND: Code = Code::new(
    500,
    "FAILED_TO_FIND_ADMIN_SESSION",
    "Failed to find admin session",
)
.caused_by_clients();

pub(crate) const CODES: &[&Code] = &[
    &MAY_NOT_CREATE,
    &MAY_NOT_LIST,
    &MAY_NOT_SET_ROLE,
    &MAY_NOT_BAN,
    &MAY_NOT_IMPERSONATE,
    &MAY_NOT_DELETE,
    &MAY_NOT_SET_PASSWORD,
    &MAY_NOT_GET,
    &MAY_NOT_UPDATE,
    &MAY_NOT_LIST_SESSIONS,
    &MAY_NOT_REVOKE_SESSIONS,
    &BANNED,
    &IS_ADMINISTRATOR,
    &USER_NOT_FOUND,
    &EMAIL_TAKEN,
    &NOT_STORED,
    &NO_DATA,
    &INVALID_ROLE,
    &UNKNOWN_ROLE,
    &BANS_ITSELF,
    &REMOVES_ITSELF,
    &LAST_ADMINISTRATOR,
    &NOT_IMPERSONATING,
    &ADMINISTRATOR_SESSION_NOT_FOUND,
];

/// What the feature refuses.
pub(crate) static REFUSALS: Refusals = Refusals {
    sign_ins: &[&BANNED],
    deletions: &[&LAST_ADMINISTRATOR],
    ..Refusals::NONE
};

const fn of_permission(permission: Permission) -> &'static Code {
    match permission {
        Permission::CreateUsers => &MAY_NOT_CREATE,
        Permission::ListUsers => &MAY_NOT_LIST,
        Permission::SetRole => &MAY_NOT_SET_ROLE,
        Permission::Ban => &MAY_NOT_BAN,
        Permission::Impersonate => &MAY_NOT_IMPERSONATE,
        Permission::DeleteUsers => &MAY_NOT_DELETE,
        Permission::SetPassword => &MAY_NOT_SET_PASSWORD,
        Permission::GetUser => &MAY_NOT_GET,
        Permission::UpdateUsers => &MAY_NOT_UPDATE,
        Permission::ListSessions => &MAY_NOT_LIST_SESSIONS,
        Permission::RevokeSessions => &MAY_NOT_REVOKE_SESSIONS,
    }
}

impl From<AdminError> for ApiError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::NotAllowed(permission) => of_permission(permission).into(),
            AdminError::SessionEnded => (&code::UNAUTHORIZED).into(),
            AdminError::UserNotFound => (&USER_NOT_FOUND).into(),
            AdminError::EmailTaken => (&EMAIL_TAKEN).into(),
            AdminError::FieldTaken => (&NOT_STORED).into(),
            AdminError::InvalidRole => (&INVALID_ROLE).into(),
            AdminError::UnknownRole => (&UNKNOWN_ROLE).into(),
            AdminError::BansItself => (&BANS_ITSELF).into(),
            AdminError::RemovesItself => (&REMOVES_ITSELF).into(),
            AdminError::LastAdministrator => (&LAST_ADMINISTRATOR).into(),
            AdminError::CannotImpersonate => (&IS_ADMINISTRATOR).into(),
            AdminError::Impersonating => (&NOT_ALLOWED_WHILE_IMPERSONATING).into(),
            AdminError::Refused(refusal) => refusal.into(),
            AdminError::NotImpersonating => (&NOT_IMPERSONATING).into(),
            AdminError::AdministratorSessionNotFound => (&ADMINISTRATOR_SESSION_NOT_FOUND).into(),
            AdminError::Password(rejection) => rejection.into(),
            AdminError::BanEnd(_invalid) => {
                Self::with_message(&VALIDATION_ERROR, "[body.banExpiresIn] Invalid date")
            }
            AdminError::Failure(failure) => failure.into(),
        }
    }
}

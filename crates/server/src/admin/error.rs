//! Why `portcullis users` failed.

use portcullis_application::{
    admin::AdminError, password_reset::PasswordResetError, ports::Failure, seams::Refusal,
};
use portcullis_domain::additional::FieldError;

/// Why `portcullis users` failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsersError {
    #[error("users have no roles and no bans: set `plugins.admin.enabled = true`")]
    NoAdmin,
    #[error("the e-mail address is invalid")]
    InvalidEmail,
    #[error("a role does not exist: `plugins.admin.roles` declares the roles")]
    UnknownRole,
    #[error(
        "the roles of users, and whether users are banned, are set by `--role`, `set-role` and `ban`: `{0}`"
    )]
    RoleInData(String),
    #[error("`--data`: {0}")]
    Field(FieldError),
    #[error("`--data` is rejected: {}", .0.name)]
    Refused(Refusal),
    #[error("no user has this id or e-mail address")]
    NotFound,
    #[error("found no password in the first line of the standard input")]
    NoPassword,
    #[error("this deletes the user and everything that belongs to the user: repeat the command with `--yes`")]
    NotConfirmed,
    #[error("the columns of users cannot be searched in this way")]
    Search,
    #[error(
        "cannot send a message: `delivery.transport` must be \"smtp\" or \"webhook\"; without `--mail`, the link is printed"
    )]
    NoMessages,
    #[error("a plugin rejects this: {}", .0.name)]
    Rejected(Refusal),
    #[error(transparent)]
    Action(AdminError),
    #[error("the database failed")]
    Failure(#[from] Failure),
}

impl From<AdminError> for UsersError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::UserNotFound => Self::NotFound,
            AdminError::UnknownRole => Self::UnknownRole,
            AdminError::Refused(refusal) => Self::Rejected(refusal),
            AdminError::Failure(failure) => Self::Failure(failure),
            other => Self::Action(other),
        }
    }
}

impl From<PasswordResetError> for UsersError {
    fn from(error: PasswordResetError) -> Self {
        match error {
            PasswordResetError::Disabled => Self::NoMessages,
            PasswordResetError::InvalidToken => Self::NotFound,
            PasswordResetError::Password(rejection) => Self::Action(AdminError::Password(rejection)),
            PasswordResetError::Failure(failure) => Self::Failure(failure),
        }
    }
}

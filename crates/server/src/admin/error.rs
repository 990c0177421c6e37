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
    #[error("a role is not declared: use a role of `plugins.admin.roles`, or declare it there")]
    UnknownRole,
    #[error("`--data` cannot set `{0}`: use `--role`, `portcullis users set-role` or `portcullis users ban`")]
    RoleInData(String),
    #[error("`--data`: {}", list(.0))]
    Fields(Vec<FieldError>),
    #[error("`--data` contains fields that cannot be set: {}; the fields that can be set: {}", .unknown.join(", "), or_none(.known))]
    UnknownFields {
        unknown: Vec<String>,
        known: Vec<String>,
    },
    #[error("`--name` has more than {0} characters")]
    LongName(usize),
    #[error("`--data`: the text of `{0}` has more than {1} characters")]
    LongText(String, usize),
    #[error("`--data` is rejected: {}", words(.0))]
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
    #[error(
        "the user is the only owner of an organization with other members: make another member an owner first, or add one by `/portcullis/admin/organizations/add-member`"
    )]
    OnlyOwner,
    #[error("the last administrator must remain: give another user the role first")]
    LastAdministrator,
    #[error("this is rejected: {}", words(.0))]
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
            AdminError::LastAdministrator => Self::LastAdministrator,
            AdminError::Refused(refusal) => Self::of_refusal(refusal),
            AdminError::Failure(failure) => Self::Failure(failure),
            other => Self::Action(other),
        }
    }
}

impl UsersError {
    /// Returns the error of a refusal by a plugin. Refusals about which the operator can do something have errors of
    /// their own.
    fn of_refusal(refusal: Refusal) -> Self {
        match refusal.name {
            "LAST_ADMINISTRATOR" => Self::LastAdministrator,
            "USER_IS_THE_ONLY_OWNER_OF_AN_ORGANIZATION" => Self::OnlyOwner,
            _ => Self::Rejected(refusal),
        }
    }
}

fn words(refusal: &Refusal) -> &str {
    refusal.message.as_deref().unwrap_or(refusal.name)
}

fn list(errors: &[FieldError]) -> String {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    errors.join("; ")
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

impl From<PasswordResetError> for UsersError {
    fn from(error: PasswordResetError) -> Self {
        match error {
            PasswordResetError::Disabled => Self::NoMessages,
            PasswordResetError::InvalidToken => Self::NotFound,
            PasswordResetError::Password(rejection) => Self::Action(AdminError::Password(rejection)),
            PasswordResetError::PasswordRefused(refusal) => Self::Action(AdminError::Refused(refusal)),
            PasswordResetError::Failure(failure) => Self::Failure(failure),
        }
    }
}

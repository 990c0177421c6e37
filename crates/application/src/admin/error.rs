//! Why an administrative action is rejected.

use portcullis_domain::{
    admin::{InvalidBanEnd, Permission},
    password::PasswordRejection,
};

use crate::{
    credential::NewPasswordError,
    ports::{Failure, UniqueKey, WriteError},
    seams::{DeletionError, Refusal},
};

/// Why an administrative action is rejected.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The caller lacks a permission.
    #[error("the caller lacks the permission {0:?}")]
    NotAllowed(Permission),
    /// The caller's session ended meanwhile.
    #[error("the caller's session has ended")]
    SessionEnded,
    /// There is no user with the id.
    #[error("the user does not exist")]
    UserNotFound,
    /// Another user has the e-mail address.
    #[error("another user has the e-mail address")]
    EmailTaken,
    /// Another user has the value of a unique field.
    #[error("another user has the value of a unique field")]
    FieldTaken,
    /// A role is not a string.
    #[error("a role is not a string")]
    InvalidRole,
    /// A role is not declared.
    #[error("a role is not declared")]
    UnknownRole,
    /// The caller bans itself.
    #[error("the caller cannot ban itself")]
    BansItself,
    /// The caller removes itself.
    #[error("the caller cannot remove itself")]
    RemovesItself,
    /// No other administrator would remain.
    #[error("the last administrator must remain")]
    LastAdministrator,
    /// The caller may not act for the user, who is an administrator or has permissions that the caller does not have.
    #[error("the caller cannot act for this user")]
    CannotImpersonate,
    /// The caller already acts for a user.
    #[error("the caller already acts for a user")]
    Impersonating,
    /// A plugin refuses the session, the deletion or the password, for example because the user is banned.
    #[error("a plugin refuses the action: {}", .0.name)]
    Refused(Refusal),
    /// The caller's session is the caller's own: there is no impersonation to stop.
    #[error("the session is the caller's own")]
    NotImpersonating,
    /// The administrator's session has ended, or the client does not present its token.
    #[error("the administrator's session was not found")]
    AdministratorSessionNotFound,
    /// The password is rejected by the policy.
    #[error(transparent)]
    Password(#[from] PasswordRejection),
    /// The ban would end at a time that cannot be stored.
    #[error(transparent)]
    BanEnd(#[from] InvalidBanEnd),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<DeletionError> for AdminError {
    fn from(error: DeletionError) -> Self {
        match error {
            DeletionError::Refused(refusal) => Self::Refused(refusal),
            DeletionError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<NewPasswordError> for AdminError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Refused(refusal) => Self::Refused(refusal),
            NewPasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<WriteError> for AdminError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken(UniqueKey::UserEmail) => Self::EmailTaken,
            // An administrator writes no organization.
            WriteError::Taken(
                UniqueKey::AdditionalField | UniqueKey::OrganizationSlug | UniqueKey::SessionToken,
            ) => Self::FieldTaken,
            WriteError::Failure(failure) => Self::Failure(failure),
        }
    }
}

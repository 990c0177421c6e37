//! Errors of second factors.

use portcullis_domain::rate_limit::Denied;

use crate::{credential::PasswordError, ports::Failure, seams::Refusal};

/// Why an operation on a second factor fails.
#[derive(Debug, thiserror::Error)]
pub enum TwoFactorError {
    /// There is neither a session nor a valid challenge.
    #[error("there is neither a session nor a challenge")]
    InvalidChallenge,
    /// The caller's password is not accepted.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Codes of authenticator apps are disabled.
    #[error("codes of authenticator apps are disabled")]
    TotpDisabled,
    /// The user has no secret for an authenticator app.
    #[error("the user has no authenticator app")]
    TotpNotEnabled,
    /// The deployment sends no messages.
    #[error("the deployment sends no messages")]
    MessagesDisabled,
    /// There is no code, or it has expired.
    #[error("no code was sent, or it has expired")]
    CodeExpired,
    /// The user has guessed the code too often.
    #[error("too many attempts to guess one code")]
    TooManyCodeAttempts,
    /// The code is wrong, or was used before.
    #[error("the code is wrong")]
    InvalidCode,
    /// The user has no backup codes.
    #[error("the user has no backup codes")]
    BackupCodesNotEnabled,
    /// The backup code is wrong, or was used before.
    #[error("the backup code is wrong")]
    InvalidBackupCode,
    /// Another request changed the backup codes at the same time.
    #[error("the backup codes were changed at the same time")]
    BackupCodesChanged,
    /// Sign-in does not ask the user for a second factor.
    #[error("the user has no second factor")]
    NotEnabled,
    /// Too many second factors of the user were wrong.
    #[error("too many wrong second factors; retry in {} s", .0.retry_after)]
    TooManyAttempts(Denied),
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// A guard refuses the user a session.
    #[error("the sign-in was refused")]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

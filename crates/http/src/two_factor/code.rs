//! Error codes of second factors.

use portcullis_application::two_factor::TwoFactorError;

pub(super) use crate::code::{PASSWORD_TOO_LONG, TOO_MANY_REQUESTS, UNAUTHORIZED};
use crate::{
    code::{self, Code},
    error::ApiError,
};

pub(super) const INVALID_CHALLENGE: Code =
    Code::new(401, "INVALID_TWO_FACTOR_COOKIE", "Invalid two factor cookie");
pub(super) const TOTP_DISABLED: Code = Code::new(400, "TOTP_ISNT_CONFIGURED", "totp isn't configured");
pub(super) const TOTP_NOT_ENABLED: Code = Code::new(400, "TOTP_NOT_ENABLED", "TOTP not enabled");
pub(super) const MESSAGES_DISABLED: Code = Code::new(400, "OTP_ISNT_CONFIGURED", "otp isn't configured");
pub(super) const CODE_EXPIRED: Code = Code::new(400, "OTP_HAS_EXPIRED", "OTP has expired");
pub(super) const TOO_MANY_CODE_ATTEMPTS: Code = Code::new(
    400,
    "TOO_MANY_ATTEMPTS_PLEASE_REQUEST_A_NEW_CODE",
    "Too many attempts. Please request a new code.",
);
pub(super) const INVALID_CODE: Code = Code::new(401, "INVALID_CODE", "Invalid code");
pub(super) const BACKUP_CODES_NOT_ENABLED: Code =
    Code::new(400, "BACKUP_CODES_ARENT_ENABLED", "Backup codes aren't enabled");
pub(super) const INVALID_BACKUP_CODE: Code = Code::new(401, "INVALID_BACKUP_CODE", "Invalid backup code");
pub(super) const BACKUP_CODES_CHANGED: Code = Code::new(
    409,
    "FAILED_TO_VERIFY_BACKUP_CODE_PLEASE_TRY_AGAIN",
    "Failed to verify backup code. Please try again.",
);
pub(super) const NOT_ENABLED: Code = Code::new(400, "TWO_FACTOR_ISNT_ENABLED", "Two factor isn't enabled");
pub(super) const NO_PASSWORD: Code = Code::new(
    400,
    "NO_PASSWORD_CREDENTIAL_FOUND",
    "No password credential found",
);

pub(crate) const CODES: &[&Code] = &[
    &INVALID_CHALLENGE,
    &TOTP_DISABLED,
    &TOTP_NOT_ENABLED,
    &MESSAGES_DISABLED,
    &CODE_EXPIRED,
    &TOO_MANY_CODE_ATTEMPTS,
    &INVALID_CODE,
    &BACKUP_CODES_NOT_ENABLED,
    &INVALID_BACKUP_CODE,
    &BACKUP_CODES_CHANGED,
    &NOT_ENABLED,
    &NO_PASSWORD,
];

impl From<TwoFactorError> for ApiError {
    fn from(error: TwoFactorError) -> Self {
        match error {
            TwoFactorError::InvalidChallenge => (&INVALID_CHALLENGE).into(),
            TwoFactorError::Password(error) => error.into(),
            TwoFactorError::TotpDisabled => (&TOTP_DISABLED).into(),
            TwoFactorError::TotpNotEnabled => (&TOTP_NOT_ENABLED).into(),
            TwoFactorError::MessagesDisabled => (&MESSAGES_DISABLED).into(),
            TwoFactorError::CodeExpired => (&CODE_EXPIRED).into(),
            TwoFactorError::TooManyCodeAttempts => (&TOO_MANY_CODE_ATTEMPTS).into(),
            TwoFactorError::InvalidCode => (&INVALID_CODE).into(),
            TwoFactorError::BackupCodesNotEnabled => (&BACKUP_CODES_NOT_ENABLED).into(),
            TwoFactorError::InvalidBackupCode => (&INVALID_BACKUP_CODE).into(),
            TwoFactorError::BackupCodesChanged => (&BACKUP_CODES_CHANGED).into(),
            TwoFactorError::NotEnabled => (&NOT_ENABLED).into(),
            TwoFactorError::TooManyAttempts(denied) => Self::too_many_requests(denied),
            TwoFactorError::SessionEnded => (&code::UNAUTHORIZED).into(),
            TwoFactorError::Refused(refusal) => refusal.into(),
            TwoFactorError::Failure(failure) => failure.into(),
        }
    }
}

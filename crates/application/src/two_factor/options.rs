//! Options of second factors.

use chrono::TimeDelta;
use portcullis_domain::two_factor::TotpPolicy;

use crate::code::CodeOptions;

/// Options of second factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoFactorOptions {
    /// The issuer that authenticator apps show, unless the client names another.
    pub issuer: String,
    /// How authenticator apps compute codes. `None`: codes of authenticator apps are disabled.
    pub totp: Option<TotpPolicy>,
    /// Options of codes that messages deliver.
    pub message_codes: MessageCodeOptions,
    /// Options of backup codes.
    pub backup_codes: BackupCodeOptions,
    /// Whether enrolment enables the second factor before the user has proven to have it.
    pub skips_verification: bool,
    /// How long a user may take for the second step of a sign-in.
    pub challenge_lifetime: TimeDelta,
    /// How long a device is trusted after its last sign-in.
    pub trust_lifetime: TimeDelta,
}

/// Options of codes that messages deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageCodeOptions {
    /// Whether the deployment sends messages.
    pub is_sending: bool,
    /// Options of the codes.
    pub codes: CodeOptions,
}

/// Options of backup codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupCodeOptions {
    /// How many codes a user gets.
    pub amount: usize,
    /// Letters and digits of a code.
    pub length: usize,
    /// Whether they are stored encrypted with the deployment's secret.
    pub is_encrypted: bool,
}

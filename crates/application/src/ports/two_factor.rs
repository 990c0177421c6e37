//! Storage of second factors, and their codes.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    two_factor::{TotpPolicy, TwoFactor, TwoFactorId},
};

use super::Failure;

/// Second factors of users.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait TwoFactorRepository: Send {
    /// Returns the user's second factor.
    async fn find(&mut self, user: &UserId) -> Result<Option<TwoFactor>, Failure>;

    /// Stores a second factor instead of every other one of its user. The step of the last used code is forgotten: it is
    /// a code of the old secret.
    async fn replace(&mut self, two_factor: &TwoFactor) -> Result<(), Failure>;

    /// Replaces the backup codes `from` by `to`; returns whether `from` was still stored.
    async fn swap_backup_codes(
        &mut self,
        id: &TwoFactorId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure>;

    /// Sets whether sign-in asks the user for a second factor; returns whether there is such a user.
    async fn set_enabled(
        &mut self,
        user: &UserId,
        is_enabled: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// Records that the user used the TOTP code of this step. Returns `false`, and records nothing, if the user used the
    /// code of this step or of a later one before: of many parallel calls with one step, one returns `true`.
    async fn advance(&mut self, user: &UserId, step: u64) -> Result<bool, Failure>;

    /// Deletes the user's second factor, and the step of the last used code.
    async fn delete(&mut self, user: &UserId) -> Result<(), Failure>;
}

/// Codes of second factors, in Better Auth's forms.
pub trait TwoFactorCodes: Send + Sync {
    /// Returns the step, by RFC 6238 with HMAC-SHA1 and the secret's text as the key,
    /// whose code is `code`: the current step, the one before or the one after.
    fn matching_step(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        code: &str,
        now: DateTime<Utc>,
    ) -> Option<u64>;

    /// Returns the `otpauth:` URI that authenticator apps read, in Better Auth's form.
    fn uri(&self, secret: &Secret<String>, policy: TotpPolicy, issuer: &str, account: &str)
    -> Secret<String>;
}

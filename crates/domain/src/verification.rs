//! One-time tokens; each is valid for only one purpose.

use chrono::{DateTime, Utc};

use crate::{
    id::{UserId, VerificationId},
    token::OneTimeToken,
};

/// The purpose of a one-time token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Sets a new password.
    PasswordReset,
    /// Deletes the user's account.
    AccountDeletion,
    /// Verifies the user's address.
    EmailVerification,
    /// Confirms a change of address; sent to the old address.
    EmailChangeConfirmation,
    /// Verifies the new address of a change; sent to the new address.
    EmailChangeVerification,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [
        Self::PasswordReset,
        Self::AccountDeletion,
        Self::EmailVerification,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
    ];

    /// Returns the purpose's name in storage keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "reset-password",
            Self::AccountDeletion => "delete-account",
            Self::EmailVerification => "verify-email",
            Self::EmailChangeConfirmation => "change-email-confirmation",
            Self::EmailChangeVerification => "change-email-verification",
        }
    }

    /// Purposes whose tokens a password change revokes: all except [`Self::EmailVerification`], which only verifies the
    /// address that the user already has.
    pub const REVOKED_BY_PASSWORD_CHANGE: [Self; 4] = [
        Self::PasswordReset,
        Self::AccountDeletion,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
    ];

    /// Purposes whose tokens only a signed-in user can request. They are revoked together with the user's sessions.
    pub const REVOKED_WITH_SESSIONS: [Self; 3] = [
        Self::AccountDeletion,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
    ];
}

/// A one-time token as it is stored until it is used or expires.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Never changes.
    pub id: VerificationId,
    /// The token's purpose.
    pub purpose: Purpose,
    /// The token that the user presents.
    pub secret: OneTimeToken,
    /// The user that the token was issued for.
    pub user_id: UserId,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
    /// When the token was created.
    pub created_at: DateTime<Utc>,
}

/// The result of presenting a one-time token: its user and its expiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The user that the token was issued for.
    pub user_id: UserId,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

impl Proven {
    /// Whether the token has not expired.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now <= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_one_time_token_expires_after_its_end_and_not_at_it() {
        let end = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let proven = Proven {
            user_id: UserId::new("U"),
            expires_at: end,
        };
        assert!(proven.is_live(end));
        assert!(!proven.is_live(end + TimeDelta::milliseconds(1)));
    }
}

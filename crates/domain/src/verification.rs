//! One-time secrets that prove something: each is made for one purpose and worth nothing for another.

use chrono::{DateTime, Utc};

use crate::{
    id::{UserId, VerificationId},
    token::OneTimeSecret,
};

/// What a one-time secret proves, or allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To set another password.
    PasswordReset,
    /// To delete the account of a user.
    AccountDeletion,
    /// To own the address with which somebody signed up.
    EmailVerification,
    /// To want another address: asked at the old one.
    EmailChangeConfirmation,
    /// To own the new address.
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

    /// The purpose's name, as keys of storage have it.
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

    /// What a change of the password makes worthless: all but what proves the address that the user has, for which
    /// whoever asked did so rightly.
    pub const ENDED_BY_PASSWORD: [Self; 4] = [
        Self::PasswordReset,
        Self::AccountDeletion,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
    ];

    /// What takes a session to be made: it is worth nothing once sessions of the user are ended.
    pub const OF_SESSIONS: [Self; 3] = [
        Self::AccountDeletion,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
    ];
}

/// A one-time secret, as it is remembered until it is used or expires.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Never changes.
    pub id: VerificationId,
    /// What the secret is for.
    pub purpose: Purpose,
    /// What whoever holds it shows.
    pub secret: OneTimeSecret,
    /// For whom it was made.
    pub user_id: UserId,
    /// From then on it is worth nothing.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What is left of a one-time secret when it is shown: whose it is, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// For whom it was made.
    pub user_id: UserId,
    /// From then on it was worth nothing.
    pub expires_at: DateTime<Utc>,
}

impl Proven {
    /// Whether it was worth something still.
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
    fn a_secret_lives_until_its_end_and_not_beyond() {
        let end = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let proven = Proven {
            user_id: UserId::new("U"),
            expires_at: end,
        };
        assert!(proven.is_live(end));
        assert!(!proven.is_live(end + TimeDelta::milliseconds(1)));
    }
}

//! One-time tokens; each is valid for only one purpose.

use chrono::{DateTime, Utc};

use crate::{
    id::{UserId, VerificationId},
    token::{OneTimeToken, TRUSTED_DEVICE_PREFIX, TWO_FACTOR_CHALLENGE_PREFIX},
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
    /// Completes a sign-in with a second factor.
    TwoFactorChallenge,
    /// Signs in without a second factor on a device that the user trusts.
    TrustedDevice,
    /// Completes a request to a provider. Stored by the repository of states; here only used states are marked.
    AuthorizationState,
    /// Refreshes the tokens of an account at a provider. No client has such a token: it marks a refresh that has begun, so
    /// that of several replicas only one refreshes.
    TokenRefresh,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 9] = [
        Self::PasswordReset,
        Self::AccountDeletion,
        Self::EmailVerification,
        Self::EmailChangeConfirmation,
        Self::EmailChangeVerification,
        Self::TwoFactorChallenge,
        Self::TrustedDevice,
        Self::AuthorizationState,
        Self::TokenRefresh,
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
            Self::TwoFactorChallenge => "two-factor-challenge",
            Self::TrustedDevice => "trusted-device",
            Self::AuthorizationState => "oauth-state",
            Self::TokenRefresh => "token-refresh",
        }
    }

    /// Returns the prefix of Better Auth's identifiers for this purpose, or `None` if Better Auth stores no such tokens.
    #[must_use]
    pub const fn better_auth_prefix(self) -> Option<&'static str> {
        match self {
            Self::PasswordReset => Some("reset-password:"),
            Self::AccountDeletion => Some("delete-account-"),
            Self::TwoFactorChallenge => Some(TWO_FACTOR_CHALLENGE_PREFIX),
            Self::TrustedDevice => Some(TRUSTED_DEVICE_PREFIX),
            Self::EmailVerification
            | Self::EmailChangeConfirmation
            | Self::EmailChangeVerification
            | Self::AuthorizationState
            | Self::TokenRefresh => None,
        }
    }

    /// Returns the prefix with which every token of this purpose begins. It is part of [`Self::better_auth_prefix`].
    #[must_use]
    pub const fn token_prefix(self) -> &'static str {
        match self {
            Self::TwoFactorChallenge => TWO_FACTOR_CHALLENGE_PREFIX,
            Self::TrustedDevice => TRUSTED_DEVICE_PREFIX,
            Self::PasswordReset
            | Self::AccountDeletion
            | Self::EmailVerification
            | Self::EmailChangeConfirmation
            | Self::EmailChangeVerification
            | Self::AuthorizationState
            | Self::TokenRefresh => "",
        }
    }

    /// Whether the event ends tokens of this purpose.
    ///
    /// A new password ends everything that was requested with the old one. It does not end [`Self::EmailVerification`],
    /// which only verifies the address that the user already has. The end of sessions ends what only a signed-in user
    /// can request, and sign-ins that are not complete; a trusted device remains trusted, since it still needs the
    /// password. A change of the second factor ends challenges and the trust in devices.
    #[must_use]
    pub const fn is_ended_by(self, event: RevokingEvent) -> bool {
        match event {
            RevokingEvent::PasswordChange => !matches!(
                self,
                Self::EmailVerification | Self::AuthorizationState | Self::TokenRefresh
            ),
            RevokingEvent::SessionsRevoked => match self {
                Self::AccountDeletion
                | Self::EmailChangeConfirmation
                | Self::EmailChangeVerification
                | Self::TwoFactorChallenge => true,
                Self::PasswordReset
                | Self::EmailVerification
                | Self::TrustedDevice
                | Self::AuthorizationState
                | Self::TokenRefresh => false,
            },
            RevokingEvent::SecondFactorChanged => {
                matches!(self, Self::TwoFactorChallenge | Self::TrustedDevice)
            }
            RevokingEvent::EmailChange | RevokingEvent::UserDeletion => true,
        }
    }

    /// Returns the purposes whose tokens the event ends.
    pub fn ended_by(event: RevokingEvent) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |purpose| purpose.is_ended_by(event))
    }
}

/// An event that ends one-time tokens of its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokingEvent {
    /// The user's password was changed or reset.
    PasswordChange,
    /// Sessions of the user were revoked.
    SessionsRevoked,
    /// The user's e-mail address was changed.
    EmailChange,
    /// The user's second factor was replaced or disabled.
    SecondFactorChanged,
    /// The user was deleted.
    UserDeletion,
}

impl RevokingEvent {
    /// Every event.
    pub const ALL: [Self; 5] = [
        Self::PasswordChange,
        Self::SessionsRevoked,
        Self::EmailChange,
        Self::SecondFactorChanged,
        Self::UserDeletion,
    ];
}

/// A one-time token as it is stored until it is used or expires.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The row's id, which never changes.
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
    fn the_prefix_of_a_token_is_part_of_its_identifier() {
        for purpose in Purpose::ALL {
            let identifier = purpose.better_auth_prefix().unwrap_or_default();
            assert!(identifier.ends_with(purpose.token_prefix()), "{purpose:?}");
        }
    }

    #[test]
    fn each_event_ends_the_purposes_that_depend_on_what_it_changes() {
        let ended_by = |event| Purpose::ended_by(event).collect::<Vec<_>>();
        assert_eq!(
            ended_by(RevokingEvent::PasswordChange),
            [
                Purpose::PasswordReset,
                Purpose::AccountDeletion,
                Purpose::EmailChangeConfirmation,
                Purpose::EmailChangeVerification,
                Purpose::TwoFactorChallenge,
                Purpose::TrustedDevice,
            ]
        );
        assert_eq!(
            ended_by(RevokingEvent::SessionsRevoked),
            [
                Purpose::AccountDeletion,
                Purpose::EmailChangeConfirmation,
                Purpose::EmailChangeVerification,
                Purpose::TwoFactorChallenge,
            ]
        );
        for event in [RevokingEvent::EmailChange, RevokingEvent::UserDeletion] {
            assert_eq!(ended_by(event), Purpose::ALL);
        }
    }

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

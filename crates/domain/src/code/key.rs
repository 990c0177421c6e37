//! Keys of codes: the purpose of a code, and the recipient.

use crate::{
    destination::PhoneNumber,
    email::EmailAddress,
    id::{SessionId, UserId},
    secret::Secret,
    token::OneTimeToken,
    verification::RevokingEvent,
};

/// The purpose of a code, and its recipient.
#[derive(Clone, Debug)]
pub enum CodeKey {
    /// A second factor that completes the sign-in of this challenge, which is a token of
    /// [`Purpose::TwoFactorChallenge`](crate::verification::Purpose::TwoFactorChallenge).
    TwoFactorChallenge(OneTimeToken),
    /// A second factor of a signed-in user, in this session.
    TwoFactorSession(UserId, SessionId),
    /// Proves that the user reads the messages to this e-mail address.
    Address(AddressCode, EmailAddress),
    /// Proves that the user reads the messages to this telephone number.
    Phone(PhoneCode, PhoneNumber),
}

/// What a code that is sent to an e-mail address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressCode {
    /// Signs the user in.
    SignIn,
    /// Verifies the address.
    EmailVerification,
    /// Sets a new password.
    PasswordReset,
}

/// What a code that is sent to a telephone number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneCode {
    /// Verifies the number, and signs the user in.
    Verification,
    /// Sets a new password.
    PasswordReset,
}

impl AddressCode {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::SignIn, Self::EmailVerification, Self::PasswordReset];

    /// Returns the name of such codes in storage keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "address-code-sign-in",
            Self::EmailVerification => "address-code-email-verification",
            Self::PasswordReset => "address-code-reset-password",
        }
    }

    /// Returns the prefix of Better Auth's identifiers of such codes.
    #[must_use]
    pub const fn better_auth_prefix(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in-otp-",
            Self::EmailVerification => "email-verification-otp-",
            Self::PasswordReset => "forget-password-otp-",
        }
    }

    /// Whether the event ends such codes of the user's address. A new password ends what was requested with the old one,
    /// but not the verification of the address that the user already has.
    #[must_use]
    pub const fn is_ended_by(self, event: RevokingEvent) -> bool {
        match event {
            RevokingEvent::PasswordChange => !matches!(self, Self::EmailVerification),
            RevokingEvent::SessionsRevoked | RevokingEvent::SecondFactorChanged => false,
            RevokingEvent::EmailChange | RevokingEvent::UserDeletion => true,
        }
    }

    /// Returns the kinds of codes that the event ends.
    pub fn ended_by(event: RevokingEvent) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |code| code.is_ended_by(event))
    }
}

impl PhoneCode {
    /// Returns the name of such codes in storage keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verification => "phone-code-verification",
            Self::PasswordReset => "phone-code-reset-password",
        }
    }

    /// Returns what follows the number in Better Auth's identifiers of such codes.
    #[must_use]
    pub const fn better_auth_suffix(self) -> &'static str {
        match self {
            Self::Verification => "",
            Self::PasswordReset => "-request-password-reset",
        }
    }
}

impl CodeKey {
    /// Name of the codes of second factors in storage keys.
    pub const TWO_FACTOR: &'static str = "two-factor-code";
    /// Prefix of Better Auth's identifiers of the codes of second factors.
    pub const BETTER_AUTH_TWO_FACTOR: &'static str = "2fa-otp-";

    /// Returns Better Auth's identifier.
    #[must_use]
    pub fn better_auth_identifier(&self) -> Secret<String> {
        let two_factor = Self::BETTER_AUTH_TWO_FACTOR;
        Secret::new(match self {
            Self::TwoFactorChallenge(challenge) => format!("{two_factor}{}", challenge.expose()),
            Self::TwoFactorSession(user, session) => {
                format!("{two_factor}{}!{}", user.as_str(), session.as_str())
            }
            Self::Address(code, email) => format!("{}{}", code.better_auth_prefix(), email.as_str()),
            Self::Phone(code, number) => format!("{}{}", number.as_str(), code.better_auth_suffix()),
        })
    }

    /// Returns the address or the telephone number that the code was sent to, if the code proves that the user reads its
    /// messages.
    #[must_use]
    pub fn recipient(&self) -> Option<&str> {
        match self {
            Self::TwoFactorChallenge(_) | Self::TwoFactorSession(..) => None,
            Self::Address(_, email) => Some(email.as_str()),
            Self::Phone(_, number) => Some(number.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_better_auths_identifiers() {
        let email = EmailAddress::from_stored("ada@example.com");
        let number = PhoneNumber::new("+491701234567");
        for (key, identifier) in [
            (
                CodeKey::TwoFactorChallenge(OneTimeToken::new("2fa-abc")),
                "2fa-otp-2fa-abc",
            ),
            (
                CodeKey::TwoFactorSession(UserId::new("U"), SessionId::new("S")),
                "2fa-otp-U!S",
            ),
            (
                CodeKey::Address(AddressCode::SignIn, email.clone()),
                "sign-in-otp-ada@example.com",
            ),
            (
                CodeKey::Address(AddressCode::EmailVerification, email.clone()),
                "email-verification-otp-ada@example.com",
            ),
            (
                CodeKey::Address(AddressCode::PasswordReset, email),
                "forget-password-otp-ada@example.com",
            ),
            (
                CodeKey::Phone(PhoneCode::Verification, number.clone()),
                "+491701234567",
            ),
            (
                CodeKey::Phone(PhoneCode::PasswordReset, number),
                "+491701234567-request-password-reset",
            ),
        ] {
            assert_eq!(key.better_auth_identifier().expose(), identifier);
        }
    }

    #[test]
    fn events_end_the_codes_that_depend_on_what_they_change() {
        let ended_by = |event| AddressCode::ended_by(event).collect::<Vec<_>>();
        assert_eq!(
            ended_by(RevokingEvent::PasswordChange),
            [AddressCode::SignIn, AddressCode::PasswordReset]
        );
        for event in [RevokingEvent::SessionsRevoked, RevokingEvent::SecondFactorChanged] {
            assert_eq!(ended_by(event), []);
        }
        for event in [RevokingEvent::EmailChange, RevokingEvent::UserDeletion] {
            assert_eq!(ended_by(event), AddressCode::ALL);
        }
    }
}

//! Destinations of messages: e-mail addresses and phone numbers.

use std::fmt;

use crate::email::EmailAddress;

/// A phone number as the user typed it. Better Auth accepts any text, and finds users only by exactly this text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Returns the number with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number has the form of E.164: `+`, and up to fifteen digits of which the first is not 0.
    #[must_use]
    pub fn is_e164(&self) -> bool {
        let Some(digits) = self.0.strip_prefix('+') else {
            return false;
        };
        let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_digits && (2..=15).contains(&digits.len()) && !digits.starts_with('0')
    }
}

/// Hides the number, which would end in a log.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

/// The destination of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To an e-mail address.
    Email(EmailAddress),
    /// To a phone number.
    Phone(PhoneNumber),
}

impl Destination {
    /// Returns the address or the number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(address) => address.as_str(),
            Self::Phone(number) => number.as_str(),
        }
    }

    /// Returns the e-mail address, or `None` if the message is sent to a phone.
    #[must_use]
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::Email(address) => Some(address),
            Self::Phone(_) => None,
        }
    }

    /// Returns the phone number, or `None` if the message is sent by mail.
    #[must_use]
    pub const fn phone(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Email(_) => None,
            Self::Phone(number) => Some(number),
        }
    }
}

impl From<EmailAddress> for Destination {
    fn from(address: EmailAddress) -> Self {
        Self::Email(address)
    }
}

impl From<PhoneNumber> for Destination {
    fn from(number: PhoneNumber) -> Self {
        Self::Phone(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_e164_has_a_plus_and_up_to_fifteen_digits() {
        for (text, expected) in [
            ("+4915112345678", true),
            ("+12", true),
            ("+123456789012345", true),
            ("+1234567890123456", false),
            ("+1", false),
            ("+0123456", false),
            ("4915112345678", false),
            ("+49 151 12345678", false),
            ("+４９１５１", false),
            ("+", false),
            ("", false),
        ] {
            assert_eq!(PhoneNumber::new(text).is_e164(), expected, "{text}");
        }
    }

    #[test]
    fn destinations_are_not_shown_in_debug_output() {
        let phone = Destination::from(PhoneNumber::new("+4915112345678"));
        let mail = Destination::from(EmailAddress::from_stored("ada@example.com"));
        assert_eq!(
            format!("{phone:?} {mail:?}"),
            "Phone(PhoneNumber(…)) Email(EmailAddress(…))"
        );
    }
}

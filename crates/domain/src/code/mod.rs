//! One-time codes: short secrets that a user types.
//!
//! A code has few digits, so it cannot be found by its value, as a one-time token is: two users may have the same code.
//! It is found by a key that is not secret, and the number of attempts to guess it is limited.

mod key;

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::key::{AddressCode, CodeKey, PhoneCode};
use crate::{id::VerificationId, rate_limit::Rule, secret::Secret};

/// Wrong codes for one address or telephone number, over all codes that were sent to it.
pub const FAILED_CODES: Rule = Rule {
    window: TimeDelta::minutes(15),
    max: 10,
};

/// A one-time code as it is stored until it is used, replaced or expires.
#[derive(Clone, Debug)]
pub struct OneTimeCode {
    /// The row's id, which never changes.
    pub id: VerificationId,
    /// The key under which the code is found. A newer code replaces all older ones of its key.
    pub key: CodeKey,
    /// The code, in the form in which it is stored.
    pub stored: StoredCode,
    /// When the code expires.
    pub expires_at: DateTime<Utc>,
    /// When the code was created.
    pub created_at: DateTime<Utc>,
}

/// A code in the form in which it is stored: plain, hashed or encrypted, as its feature decides.
///
/// It does not show in debug output.
#[derive(Clone, Debug)]
pub struct StoredCode(Secret<String>);

impl StoredCode {
    /// Returns a stored code with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// Returns the text.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// A code that was found, as it was before the attempt that found it.
#[derive(Clone, Debug)]
pub struct CodeState {
    /// The code.
    pub stored: StoredCode,
    /// How many attempts were made before.
    pub attempts: u32,
    /// When the code expires.
    pub expires_at: DateTime<Utc>,
}

/// Whether a user may try to guess a code.
#[derive(Clone, Debug)]
pub enum Attempt {
    /// The attempt is counted. The guess must be compared with this code.
    Allowed(StoredCode),
    /// All attempts were made. Only the first attempt after them gets this result; then the code counts as deleted.
    TooMany,
    /// The code has expired.
    Expired,
    /// There is no code, or it counts as deleted.
    Missing,
}

impl CodeState {
    /// Returns whether another attempt is allowed, if `allowed` attempts may be made.
    #[must_use]
    pub fn attempt(self, allowed: u32, now: DateTime<Utc>) -> Attempt {
        let is_expired = now > self.expires_at;
        match self.attempts.cmp(&allowed) {
            Ordering::Greater => Attempt::Missing,
            Ordering::Less | Ordering::Equal if is_expired => Attempt::Expired,
            Ordering::Less => Attempt::Allowed(self.stored),
            Ordering::Equal => Attempt::TooMany,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn attempts_are_allowed_up_to_a_number_and_until_the_code_expires() {
        let end = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let late = end + TimeDelta::milliseconds(1);
        let attempt = |attempts, now| {
            let state = CodeState {
                stored: StoredCode::new("123456"),
                attempts,
                expires_at: end,
            };
            match state.attempt(5, now) {
                Attempt::Allowed(stored) => stored.expose().clone(),
                Attempt::TooMany => "too many".to_owned(),
                Attempt::Expired => "expired".to_owned(),
                Attempt::Missing => "missing".to_owned(),
            }
        };
        for (attempts, now, expected) in [
            (0, end, "123456"),
            (4, end, "123456"),
            (5, end, "too many"),
            (6, end, "missing"),
            (0, late, "expired"),
            (5, late, "expired"),
            (6, late, "missing"),
        ] {
            assert_eq!(attempt(attempts, now), expected, "{attempts} at {now}");
        }
    }
}

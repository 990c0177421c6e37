//! Passwords, their hashes and the password policy.

use crate::{common_password::is_common, secret::Secret};

/// A password as the user typed it.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// Returns a password with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// Returns whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Returns the text as typed; the hasher normalises it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A password hash in one of the formats that the hasher supports.
#[derive(Clone, Debug)]
pub struct PasswordHash(Secret<String>);

impl PasswordHash {
    /// Returns a hash with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// Returns the text, as it is in the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Which passwords are accepted. Lengths are in UTF-16 code units, as in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Minimum length of a new password.
    pub min_length: usize,
    /// Maximum length of any password.
    pub max_length: usize,
    /// Whether to reject new passwords that are on the list of common passwords.
    pub rejects_common: bool,
}

/// Why the policy rejects a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRejection {
    /// The password is shorter than the policy requires.
    #[error("password is too short")]
    TooShort,
    /// The password is longer than the policy allows.
    #[error("password is too long")]
    TooLong,
    /// The password is on the list of common passwords.
    #[error("password is too common")]
    Common,
}

impl PasswordPolicy {
    /// Checks whether a user may set this password.
    ///
    /// # Errors
    ///
    /// If it is too short, too long or, with `rejects_common`, common.
    pub fn check_new(self, password: &Password) -> Result<(), PasswordRejection> {
        if utf16_length(password) < self.min_length {
            return Err(PasswordRejection::TooShort);
        }
        // Before `is_common`: normalising a long text takes time.
        self.check_presented(password)?;
        if self.rejects_common && is_common(password) {
            return Err(PasswordRejection::Common);
        }
        Ok(())
    }

    /// Checks whether a password may be hashed: a password of a megabyte must cost no hash (CVE-2025-27556).
    ///
    /// # Errors
    ///
    /// If it is too long.
    pub fn check_presented(self, password: &Password) -> Result<(), PasswordRejection> {
        if utf16_length(password) > self.max_length {
            return Err(PasswordRejection::TooLong);
        }
        Ok(())
    }
}

fn utf16_length(password: &Password) -> usize {
    password.expose().encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy {
        min_length: 8,
        max_length: 128,
        rejects_common: false,
    };

    #[test]
    fn length_is_counted_in_utf16_units() {
        let admit = |text: &str| POLICY.check_new(&Password::new(text));
        assert_eq!(admit("1234567"), Err(PasswordRejection::TooShort));
        assert_eq!(admit("12345678"), Ok(()));
        assert_eq!(admit("🔑🔑🔑🔑"), Ok(()));
        assert_eq!(admit(&"🔑".repeat(64)), Ok(()));
        assert_eq!(admit(&"🔑".repeat(65)), Err(PasswordRejection::TooLong));
        assert_eq!(admit(&"x".repeat(128)), Ok(()));
        assert_eq!(admit(&"x".repeat(129)), Err(PasswordRejection::TooLong));
    }

    #[test]
    fn a_new_password_may_be_common_unless_the_policy_rejects_it() {
        let strict = PasswordPolicy {
            rejects_common: true,
            ..POLICY
        };
        let common = Password::new("Password1");
        assert_eq!(POLICY.check_new(&common), Ok(()));
        assert_eq!(strict.check_new(&common), Err(PasswordRejection::Common));
        assert_eq!(strict.check_new(&Password::new("correct horse")), Ok(()));
        assert_eq!(
            strict.check_new(&Password::new("1234567")),
            Err(PasswordRejection::TooShort)
        );
    }

    #[test]
    fn a_presented_password_may_be_common() {
        let strict = PasswordPolicy {
            rejects_common: true,
            ..POLICY
        };
        assert_eq!(strict.check_presented(&Password::new("password1")), Ok(()));
    }

    #[test]
    fn passwords_and_hashes_do_not_show_in_debug_output() {
        let (password, hash) = (Password::new("hidden"), PasswordHash::new("hidden too"));
        assert_eq!((password.expose(), hash.expose()), ("hidden", "hidden too"));
        assert!(!format!("{password:?}{hash:?}").contains("hidden"));
    }

    #[test]
    fn a_presented_password_may_be_short_but_not_long() {
        assert_eq!(POLICY.check_presented(&Password::new("")), Ok(()));
        assert_eq!(
            POLICY.check_presented(&Password::new("x".repeat(129))),
            Err(PasswordRejection::TooLong)
        );
    }
}

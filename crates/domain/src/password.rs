//! Passwords and what is kept of them.

use crate::{common_password::is_common, secret::Secret};

/// A password as somebody typed it.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// A password with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// The text as typed; a hasher normalises it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A hash of a password in one of the forms that a hasher knows.
#[derive(Clone, Debug)]
pub struct PasswordHash(Secret<String>);

impl PasswordHash {
    /// A hash with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text.into()))
    }

    /// The text, as it stands in the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Which passwords are accepted. Lengths are in UTF-16 units, as JavaScript counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest units of a new password.
    pub shortest: usize,
    /// The most units of any password.
    pub longest: usize,
    /// Whether a new password must not be on the list of common ones.
    pub rejects_common: bool,
}

/// Why the policy rejects a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRejection {
    /// Fewer units than the policy asks for.
    #[error("password is too short")]
    TooShort,
    /// More units than the policy takes.
    #[error("password is too long")]
    TooLong,
    /// The list of common passwords holds it.
    #[error("password is too common")]
    Common,
}

impl PasswordPolicy {
    /// Checks whether this may become a user's password.
    ///
    /// # Errors
    ///
    /// If it is too short, too long or, with `rejects_common`, common.
    pub fn admit_new(self, password: &Password) -> Result<(), PasswordRejection> {
        if utf16_length(password) < self.shortest {
            return Err(PasswordRejection::TooShort);
        }
        // The length first: normalising a long text takes time.
        self.admit_presented(password)?;
        if self.rejects_common && is_common(password) {
            return Err(PasswordRejection::Common);
        }
        Ok(())
    }

    /// May this be hashed at all? A password of a megabyte must cost nothing (CVE-2025-27556).
    ///
    /// # Errors
    ///
    /// Where it is too long.
    pub fn admit_presented(self, password: &Password) -> Result<(), PasswordRejection> {
        if utf16_length(password) > self.longest {
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
        shortest: 8,
        longest: 128,
        rejects_common: false,
    };

    #[test]
    fn length_is_counted_in_utf16_units() {
        let admit = |text: &str| POLICY.admit_new(&Password::new(text));
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
        assert_eq!(POLICY.admit_new(&common), Ok(()));
        assert_eq!(strict.admit_new(&common), Err(PasswordRejection::Common));
        assert_eq!(strict.admit_new(&Password::new("correct horse")), Ok(()));
        assert_eq!(
            strict.admit_new(&Password::new("1234567")),
            Err(PasswordRejection::TooShort)
        );
    }

    #[test]
    fn a_presented_password_may_be_common() {
        let strict = PasswordPolicy {
            rejects_common: true,
            ..POLICY
        };
        assert_eq!(strict.admit_presented(&Password::new("password1")), Ok(()));
    }

    #[test]
    fn passwords_and_hashes_are_their_texts_and_show_nowhere() {
        let (password, hash) = (Password::new("hidden"), PasswordHash::new("hidden too"));
        assert_eq!((password.expose(), hash.expose()), ("hidden", "hidden too"));
        assert!(!format!("{password:?}{hash:?}").contains("hidden"));
    }

    #[test]
    fn a_presented_password_may_be_short_but_not_long() {
        assert_eq!(POLICY.admit_presented(&Password::new("")), Ok(()));
        assert_eq!(
            POLICY.admit_presented(&Password::new("x".repeat(129))),
            Err(PasswordRejection::TooLong)
        );
    }
}

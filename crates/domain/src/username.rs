//! User names: the rules of Better Auth's plugin `username`.

use serde_json::Value;

use crate::additional::{FieldDefinition, FieldKind};

/// The member of a user that holds the normalised user name.
pub const USERNAME: &str = "username";
/// The member of a user that holds the user name as the user wrote it.
pub const DISPLAY_USERNAME: &str = "displayUsername";

/// Which user names a deployment accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsernamePolicy {
    /// The fewest UTF-16 code units of a user name.
    pub min_length: usize,
    /// The most UTF-16 code units of a user name.
    pub max_length: usize,
    /// Whether `Alice` and `alice` are one user name, which is stored in lower case.
    pub ignores_case: bool,
}

/// Why a user name is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameRejection {
    /// It has fewer characters than the policy asks for.
    #[error("the user name is too short")]
    TooShort,
    /// It has more characters than the policy allows.
    #[error("the user name is too long")]
    TooLong,
    /// It contains a character other than an ASCII letter or digit, `_` and `.`.
    #[error("the user name contains a character that is not allowed")]
    Invalid,
}

impl UsernamePolicy {
    /// Checks the length of a user name, then its characters.
    ///
    /// # Errors
    ///
    /// The first rule that the user name breaks, in Better Auth's order.
    pub fn check(&self, username: &str) -> Result<(), UsernameRejection> {
        let length = username.encode_utf16().count();
        if length < self.min_length {
            return Err(UsernameRejection::TooShort);
        }
        if length > self.max_length {
            return Err(UsernameRejection::TooLong);
        }
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if username.is_empty() || !username.bytes().all(is_allowed) {
            return Err(UsernameRejection::Invalid);
        }
        Ok(())
    }

    /// Returns the form in which a user name is stored and looked up.
    #[must_use]
    pub fn normalized(&self, username: &str) -> String {
        if self.ignores_case {
            username.to_lowercase()
        } else {
            username.to_owned()
        }
    }
}

/// The members that the plugin adds to users, in Better Auth's order.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    let field = |name: &str, is_unique| FieldDefinition {
        name: name.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None::<Value>,
        is_input: true,
        is_returned: true,
        is_unique,
    };
    vec![field(USERNAME, true), field(DISPLAY_USERNAME, false)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: UsernamePolicy = UsernamePolicy {
        min_length: 3,
        max_length: 30,
        ignores_case: true,
    };

    #[test]
    fn the_length_is_checked_before_the_characters() {
        for (username, expected) in [
            ("abc", Ok(())),
            ("A_b.9", Ok(())),
            (&"a".repeat(30), Ok(())),
            ("", Err(UsernameRejection::TooShort)),
            ("a!", Err(UsernameRejection::TooShort)),
            (&"!".repeat(31), Err(UsernameRejection::TooLong)),
            ("a-b", Err(UsernameRejection::Invalid)),
            ("a b", Err(UsernameRejection::Invalid)),
            ("ünlü", Err(UsernameRejection::Invalid)),
            ("abc\n", Err(UsernameRejection::Invalid)),
        ] {
            assert_eq!(POLICY.check(username), expected, "{username:?}");
        }
    }

    #[test]
    fn lengths_are_utf_16_code_units_as_in_javascript() {
        assert_eq!(POLICY.check("🦀"), Err(UsernameRejection::TooShort));
        assert_eq!(POLICY.check("🦀🦀"), Err(UsernameRejection::Invalid));
    }

    #[test]
    fn a_policy_that_ignores_case_stores_lower_case() {
        let exact = UsernamePolicy {
            ignores_case: false,
            ..POLICY
        };
        assert_eq!(POLICY.normalized("Alice"), "alice");
        assert_eq!(exact.normalized("Alice"), "Alice");
    }
}

//! The second factor: one-time passwords of an authenticator app (TOTP, RFC 6238), codes by message, backup codes.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    additional::{FieldDefinition, FieldKind},
    id::{Id, UserId},
    rate_limit::Rule,
    secret::Secret,
    user::User,
};

/// The member of a user that states whether sign-in asks for a second factor.
pub const TWO_FACTOR_ENABLED: &str = "twoFactorEnabled";
/// Characters of a new TOTP secret, as in Better Auth: 190 bits.
pub const SECRET_LENGTH: usize = 32;
/// Characters before the dash of a backup code, as in Better Auth.
const BEFORE_DASH: usize = 5;
/// Wrong second factors of one user, over all challenges and kinds of codes. Better Auth has this limit from 1.7 on.
pub const FAILED_ATTEMPTS: Rule = Rule {
    window: TimeDelta::minutes(15),
    max: 10,
};
/// How often it is logged that a user's second factors are blocked by [`FAILED_ATTEMPTS`].
pub const BLOCKED_WARNINGS: Rule = Rule {
    window: FAILED_ATTEMPTS.window,
    max: 1,
};

/// The id of a [`TwoFactor`].
pub type TwoFactorId = Id<TwoFactor>;

/// The second factor of a user, as stored. Better Auth's table is `twoFactor`.
#[derive(Clone, Debug)]
pub struct TwoFactor {
    /// The id, which never changes.
    pub id: TwoFactorId,
    /// The TOTP secret, encrypted in Better Auth's form.
    pub secret: Secret<String>,
    /// The backup codes that were not used yet, in the form that the deployment configures.
    pub backup_codes: Secret<String>,
    /// The user whom this second factor belongs to.
    pub user_id: UserId,
}

/// How authenticator apps compute codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotpPolicy {
    /// Digits of a code.
    pub digits: u8,
    /// The time for which a code is current, in whole seconds.
    pub period: u32,
}

/// Backup codes that were not used yet.
#[derive(Clone, Debug)]
pub struct BackupCodes(Vec<Secret<String>>);

impl BackupCodes {
    /// Creates codes from random texts of letters and digits: `abcde-fghij`.
    pub fn from_random(texts: impl IntoIterator<Item = String>) -> Self {
        let code = |text: String| {
            let at = text.floor_char_boundary(BEFORE_DASH);
            let (before, after) = text.split_at(at);
            Secret::new(format!("{before}-{after}"))
        };
        Self(texts.into_iter().map(code).collect())
    }

    /// Reads a JSON array of texts, the form of Better Auth; `None` if the text is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let codes: Value = serde_json::from_str(text).ok()?;
        let codes = codes.as_array()?.iter();
        let codes = codes.map(|code| code.as_str().map(|code| Secret::new(code.to_owned())));
        codes.collect::<Option<_>>().map(Self)
    }

    /// Returns the codes as a JSON array of texts.
    #[must_use]
    pub fn to_json(&self) -> Secret<String> {
        let codes: Vec<_> = self.iter().collect();
        Secret::new(json!(codes).to_string())
    }

    /// Returns the codes, to be shown to their user once.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|code| code.expose().as_str())
    }

    /// Returns the other codes if `code` is one of these, else `None`. The time does not depend on which code matches.
    #[must_use]
    pub fn without(&self, code: &str) -> Option<Self> {
        let (used, left): (Vec<_>, Vec<_>) = self.0.iter().cloned().partition(|own| own.matches(code));
        (!used.is_empty()).then_some(Self(left))
    }
}

/// Whether sign-in asks the user for a second factor.
#[must_use]
pub fn is_enabled(user: &User) -> bool {
    *user.additional.get(TWO_FACTOR_ENABLED) == Value::Bool(true)
}

/// The member that the plugin adds to users.
#[must_use]
pub fn user_fields() -> Vec<FieldDefinition> {
    vec![FieldDefinition {
        name: TWO_FACTOR_ENABLED.to_owned(),
        kind: FieldKind::Boolean,
        is_required: false,
        default: Some(Value::Bool(false)),
        is_input: false,
        is_returned: true,
        is_unique: false,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> BackupCodes {
        BackupCodes::from_random(["abcdefghij".to_owned(), "ABCDE12345".to_owned()])
    }

    #[test]
    fn backup_codes_have_better_auths_form() {
        assert_eq!(codes().iter().collect::<Vec<_>>(), ["abcde-fghij", "ABCDE-12345"]);
        assert_eq!(codes().to_json().expose(), r#"["abcde-fghij","ABCDE-12345"]"#);
        let short = BackupCodes::from_random(["abc".to_owned()]);
        assert_eq!(short.iter().collect::<Vec<_>>(), ["abc-"]);
    }

    #[test]
    fn a_backup_code_leaves_the_list_when_it_is_used() {
        let left = codes().without("abcde-fghij").unwrap();
        assert_eq!(left.iter().collect::<Vec<_>>(), ["ABCDE-12345"]);
        assert!(left.without("abcde-fghij").is_none());
        for wrong in ["", "abcde", "ABCDE-FGHIJ", "abcde-fghij "] {
            assert!(codes().without(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn stored_backup_codes_are_a_json_array_of_texts() {
        let read = BackupCodes::parse(codes().to_json().expose()).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), ["abcde-fghij", "ABCDE-12345"]);
        for wrong in ["", "{}", "[1]", "\"abc\"", "null"] {
            assert!(BackupCodes::parse(wrong).is_none(), "{wrong:?}");
        }
    }
}

//! Access to applications behind a proxy: requirements that a user must meet.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::{
    additional::{FieldKind, FieldSchema},
    user::User,
};

/// The field that contains several values, separated by commas, as in Better Auth.
const ROLE: &str = "role";

/// The rules of a deployment, of which a proxy chooses one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessRules {
    /// The rule of the path without a name. It has no requirements.
    pub unnamed: AccessRule,
    /// The other rules, by name.
    pub named: BTreeMap<String, AccessRule>,
}

/// Which users may pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessRule {
    /// What is required of a user. Every requirement must be met.
    pub requirements: Vec<Requirement>,
    /// Whether clients without a session may pass.
    pub allows_anonymous: bool,
    /// The page on which a user signs in.
    pub sign_in_url: Option<Url>,
}

/// A field of users, and the values that are accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    field: String,
    accepted: Vec<Value>,
    is_settable: bool,
}

/// Why a text is not a requirement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// The text has another form.
    #[error("is not of the form \"field=value\" or \"field=value,value\"")]
    Form,
    /// Users have no such field.
    #[error("names \"{0}\", which is not a field of users")]
    UnknownField(String),
    /// The values of the field cannot be compared.
    #[error("names \"{field}\", which holds a {kind}: only texts, numbers and booleans can be compared")]
    Incomparable {
        /// The field.
        field: String,
        /// What it holds.
        kind: &'static str,
    },
    /// The field can never have this value.
    #[error("has the value \"{value}\", but \"{field}\" holds {expected}")]
    Impossible {
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What the field holds.
        expected: String,
    },
}

/// Whether a client may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allowed,
    /// It must sign in first.
    Anonymous,
    /// The user does not meet a requirement.
    Refused,
}

impl AccessRule {
    /// Decides about a client. `None`: it has no session.
    #[must_use]
    pub fn verdict(&self, user: Option<&User>) -> Verdict {
        match user {
            None if self.allows_anonymous => Verdict::Allowed,
            None => Verdict::Anonymous,
            Some(user) if self.requirements.iter().all(|it| it.is_met(user)) => Verdict::Allowed,
            Some(_) => Verdict::Refused,
        }
    }
}

impl Requirement {
    /// Reads `field=value` or `field=value,value`. `fields` are the fields that features and the deployment add to users.
    ///
    /// # Errors
    ///
    /// If users have no such field, or if it can never have one of the values.
    pub fn parse(text: &str, fields: &FieldSchema) -> Result<Self, RequirementError> {
        let (field, values) = text.split_once('=').ok_or(RequirementError::Form)?;
        let field = field.trim().to_owned();
        let values: Vec<_> = values.split(',').map(str::trim).collect();
        if field.is_empty() || values.iter().any(|value| value.is_empty()) {
            return Err(RequirementError::Form);
        }
        let (kind, is_settable) =
            kind_of(&field, fields).ok_or_else(|| RequirementError::UnknownField(field.clone()))?;
        let read = |value: &&str| accepted(&field, &kind, value);
        Ok(Self {
            accepted: values.iter().map(read).collect::<Result<_, _>>()?,
            field,
            is_settable,
        })
    }

    /// Returns the field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns whether users set the field themselves, so that every user can meet the requirement.
    #[must_use]
    pub const fn is_settable_by_users(&self) -> bool {
        self.is_settable
    }

    /// Whether the user meets the requirement. A user without a value in the field does not.
    #[must_use]
    pub fn is_met(&self, user: &User) -> bool {
        match value_of(&self.field, user) {
            Value::String(text) if self.field == ROLE => {
                text.split(',').any(|one| self.accepts(&one.trim().into()))
            }
            Value::Array(items) => items.iter().any(|item| self.accepts(item)),
            value => self.accepts(&value),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.accepted.contains(value)
    }
}

/// Returns the kind of a field, and whether users set it themselves.
fn kind_of(name: &str, fields: &FieldSchema) -> Option<(FieldKind, bool)> {
    let built_in = match name {
        "id" | "email" => (FieldKind::String, false),
        "name" | "image" => (FieldKind::String, true),
        "emailVerified" => (FieldKind::Boolean, false),
        "createdAt" | "updatedAt" => (FieldKind::Date, false),
        _ => {
            let field = fields.fields().iter().find(|field| field.name == name)?;
            return Some((field.kind.clone(), field.is_input));
        }
    };
    Some(built_in)
}

fn value_of(name: &str, user: &User) -> Value {
    match name {
        "id" => user.id.as_str().into(),
        "email" => user.email.as_str().into(),
        "emailVerified" => user.email_verified.into(),
        "name" => user.name.as_str().into(),
        "image" => user.image.as_deref().into(),
        _ => user.additional.get(name).clone(),
    }
}

/// Reads a value of a field of this kind.
fn accepted(field: &str, kind: &FieldKind, value: &str) -> Result<Value, RequirementError> {
    let read = match kind {
        FieldKind::String | FieldKind::Strings => Some(value.into()),
        FieldKind::Boolean => value.parse::<bool>().ok().map(Value::from),
        FieldKind::Number | FieldKind::Numbers => value.parse::<i64>().ok().map(Value::from),
        FieldKind::Enum(choices) => choices.iter().any(|choice| choice == value).then(|| value.into()),
        FieldKind::Date | FieldKind::Json => {
            return Err(RequirementError::Incomparable {
                field: field.to_owned(),
                kind: kind.expected(),
            });
        }
    };
    read.ok_or_else(|| RequirementError::Impossible {
        field: field.to_owned(),
        value: value.to_owned(),
        expected: expected(kind),
    })
}

fn expected(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Boolean => "`true` or `false`".to_owned(),
        FieldKind::Number | FieldKind::Numbers => "whole numbers".to_owned(),
        FieldKind::Enum(choices) => format!("one of {}", choices.join(", ")),
        other => other.expected().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::{
        additional::{AdditionalFields, FieldDefinition},
        email::EmailAddress,
        id::UserId,
        user::NewUser,
    };

    fn fields() -> FieldSchema {
        let field = |name: &str, kind, is_input| FieldDefinition {
            name: name.to_owned(),
            kind,
            is_required: false,
            default: None,
            is_input,
            is_returned: true,
            is_unique: false,
        };
        let plans = FieldKind::Enum(vec!["free".to_owned(), "pro".to_owned()]);
        FieldSchema::new(vec![
            field("role", FieldKind::String, false),
            field("team", FieldKind::String, true),
            field("plan", plans, false),
            field("level", FieldKind::Number, false),
            field("beta", FieldKind::Boolean, false),
            field("tags", FieldKind::Strings, false),
            field("born", FieldKind::Date, false),
            field("extra", FieldKind::Json, false),
        ])
    }

    fn user(name: &str, value: Value) -> User {
        let mut additional = AdditionalFields::default();
        additional.set(name, value);
        let new = NewUser {
            name: "Ada".to_owned(),
            email: EmailAddress::from_stored("ada@example.com"),
            email_verified: true,
            image: None,
            additional,
        };
        User::new(new, UserId::new("user-1"), DateTime::UNIX_EPOCH)
    }

    fn is_met(requirement: &str, user: &User) -> bool {
        Requirement::parse(requirement, &fields()).unwrap().is_met(user)
    }

    #[test]
    fn a_requirement_is_met_by_one_of_its_values() {
        for (requirement, field, value, expected) in [
            ("plan=pro", "plan", json!("pro"), true),
            ("plan = free , pro", "plan", json!("pro"), true),
            ("plan=free", "plan", json!("pro"), false),
            ("plan=free", "plan", Value::Null, false),
            ("level=1,2", "level", json!(2), true),
            ("level=1", "level", json!(2), false),
            ("beta=true", "beta", json!(true), true),
            ("beta=false", "beta", json!(true), false),
            ("beta=false", "beta", Value::Null, false),
            ("tags=a,b", "tags", json!(["b", "c"]), true),
            ("tags=a", "tags", json!(["b", "c"]), false),
            ("tags=a", "tags", json!([]), false),
            ("team=a", "team", json!("a,b"), false),
            ("team=A", "team", json!("a"), false),
            ("team=null", "team", Value::Null, false),
            ("id=user-1", "team", Value::Null, true),
            ("email=ada@example.com", "team", Value::Null, true),
            ("emailVerified=true", "team", Value::Null, true),
            ("emailVerified=false", "team", Value::Null, false),
            ("name=Ada", "team", Value::Null, true),
            ("image=x", "team", Value::Null, false),
        ] {
            assert_eq!(
                is_met(requirement, &user(field, value)),
                expected,
                "{requirement}"
            );
        }
    }

    #[test]
    fn a_user_may_have_several_roles_and_one_of_them_counts() {
        for (role, expected) in [
            ("admin", true),
            ("user,admin", true),
            ("user, editor", true),
            ("user", false),
            ("administrator", false),
            ("admin,x", true),
            ("Admin", false),
            ("", false),
        ] {
            let user = user("role", json!(role));
            assert_eq!(is_met("role=admin,editor", &user), expected, "{role}");
        }
    }

    #[test]
    fn a_requirement_names_an_existing_field_and_values_that_it_can_have() {
        let error = |text: &str| Requirement::parse(text, &fields()).unwrap_err().to_string();
        for text in ["plan", "=pro", "plan=", "plan=pro,", "plan=,pro", ""] {
            assert_eq!(
                Requirement::parse(text, &fields()),
                Err(RequirementError::Form),
                "{text}"
            );
        }
        for (text, words) in [
            ("plans=pro", "not a field of users"),
            ("born=2000-01-01", "holds a date"),
            ("createdAt=2000-01-01", "holds a date"),
            ("extra=1", "holds a json"),
            ("plan=prof", "holds one of free, pro"),
            ("level=high", "holds whole numbers"),
            ("level=1.5", "holds whole numbers"),
            ("beta=yes", "holds `true` or `false`"),
            ("emailVerified=1", "holds `true` or `false`"),
        ] {
            assert!(error(text).contains(words), "{text}: {}", error(text));
        }
    }

    #[test]
    fn fields_that_users_set_themselves_are_known() {
        for (text, is_settable) in [
            ("team=a", true),
            ("name=a", true),
            ("image=a", true),
            ("plan=pro", false),
            ("email=a", false),
            ("id=a", false),
        ] {
            let requirement = Requirement::parse(text, &fields()).unwrap();
            assert_eq!(requirement.is_settable_by_users(), is_settable, "{text}");
        }
    }

    #[test]
    fn a_rule_decides_about_users_and_about_clients_without_a_session() {
        let requirement = |text| Requirement::parse(text, &fields()).unwrap();
        let rule = AccessRule {
            requirements: vec![requirement("plan=pro"), requirement("beta=true")],
            ..AccessRule::default()
        };
        let mut user = user("plan", json!("pro"));
        assert_eq!(rule.verdict(Some(&user)), Verdict::Refused);
        user.additional.set("beta", json!(true));
        assert_eq!(rule.verdict(Some(&user)), Verdict::Allowed);
        assert_eq!(rule.verdict(None), Verdict::Anonymous);

        let open = AccessRule {
            allows_anonymous: true,
            ..AccessRule::default()
        };
        assert_eq!(open.verdict(None), Verdict::Allowed);
        assert_eq!(AccessRule::default().verdict(Some(&user)), Verdict::Allowed);
    }
}

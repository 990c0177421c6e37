//! Validation of bodies and queries against declared schemas. All issues are reported at once, in zod's words and
//! order.

use std::{
    borrow::Cow,
    fmt::{Display, Write as _},
};

use portcullis_domain::{additional::is_truthy, email::EmailAddress};
use serde_json::{Map, Value};
use url::Url;

use super::query::Query;
use crate::{code, error::ApiError, options::Limits};

const NUL: Cow<'static, str> = Cow::Borrowed("Invalid string: must not include NUL");
/// The base for relative references such as images: only the scheme of the resolved URL matters.
const ANY_BASE: &str = "https://base.invalid";

/// The schema of a body or a query.
pub(crate) struct Schema {
    /// In the order in which issues are reported.
    pub(crate) fields: &'static [Field],
    /// The types that zod expects of the body. Each of them reports an issue if the body is not an object.
    pub(crate) known_as: &'static [&'static str],
}

/// The query of a link in a message.
pub(crate) const LINK: Schema = Schema {
    fields: &[
        Field::required("token", Kind::Text),
        Field::optional("callbackURL", Kind::RedirectUrl),
    ],
    known_as: &["object"],
};

/// A member of a body, or a parameter of a query.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_optional: bool,
    pub(crate) is_nullable: bool,
}

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// The name of a user.
    Name,
    /// A password. Its length is checked by the password policy, not here.
    Secret,
    /// A new password: not empty.
    NewSecret,
    /// An e-mail address.
    Email,
    /// A URL to which the client is redirected.
    RedirectUrl,
    /// The URL of a picture: `http`, `https` or relative.
    Image,
    /// Any value; the handler decides whether it may be present.
    Anything,
    /// True or false.
    Boolean,
}

/// The accepted members.
#[derive(Debug, Default)]
pub(crate) struct Values(Map<String, Value>);

impl Values {
    /// Removes and returns the text of a required member.
    pub(crate) fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    /// Removes and returns the text of a member, if it is present.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.0.swap_remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Removes and returns the text of a member, if it is present and not empty.
    pub(crate) fn filled_text(&mut self, name: &str) -> Option<String> {
        self.optional_text(name).filter(|text| !text.is_empty())
    }

    /// Removes and returns the e-mail address of a required member.
    ///
    /// # Errors
    ///
    /// `INVALID_EMAIL` if the text is not an address.
    pub(crate) fn email(&mut self, name: &str) -> Result<EmailAddress, ApiError> {
        EmailAddress::parse(&self.text(name)).map_err(|_invalid| (&code::INVALID_EMAIL).into())
    }

    /// Returns the members that are left, declared or not.
    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Returns whether the member is present, even if it is `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns whether the member is truthy in JavaScript.
    pub(crate) fn is_truthy(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(is_truthy)
    }

    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }
}

impl Field {
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            is_optional: false,
            is_nullable: false,
        }
    }

    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self {
            is_optional: true,
            ..Self::required(name, kind)
        }
    }

    /// Also allows `null`.
    pub(crate) const fn or_null(self) -> Self {
        Self {
            is_nullable: true,
            ..self
        }
    }
}

impl Schema {
    /// Reads a body. Undeclared members are ignored.
    ///
    /// # Errors
    ///
    /// `VALIDATION_ERROR` with every issue.
    pub(crate) fn read(&self, body: Option<Value>, limits: &Limits) -> Result<Values, ApiError> {
        let mut issues = Issues::default();
        match body {
            Some(Value::Object(members)) => {
                for field in self.fields {
                    field.check("body", members.get(field.name), limits, &mut issues);
                }
                issues.or(Values(members))
            }
            other => {
                for expected in self.known_as {
                    issues.wrong_type("body", expected, other.as_ref());
                }
                issues.or(Values::default())
            }
        }
    }

    /// Reads a query. Undeclared parameters are ignored.
    ///
    /// # Errors
    ///
    /// `VALIDATION_ERROR` with every issue; a parameter that occurs twice is one.
    pub(crate) fn ask(&self, query: Query<'_>, limits: &Limits) -> Result<Values, ApiError> {
        let mut issues = Issues::default();
        let mut values = Map::new();
        for field in self.fields {
            let value = query.value(field.name);
            field.check("query", value.as_ref(), limits, &mut issues);
            if let Some(value) = value {
                values.insert(field.name.to_owned(), value);
            }
        }
        issues.or(Values(values))
    }

    pub(crate) fn declares(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }
}

impl Field {
    fn check(&self, part: &str, value: Option<&Value>, limits: &Limits, issues: &mut Issues) {
        let place = format_args!("{part}.{}", self.name);
        match (self.kind, value) {
            (Kind::Anything, _) | (Kind::Boolean, Some(Value::Bool(_))) => {}
            (_, None) if self.is_optional => {}
            (_, Some(Value::Null)) if self.is_nullable => {}
            (Kind::Boolean, other) => issues.wrong_type(place, "boolean", other),
            (kind, Some(Value::String(text))) => {
                if let Some(issue) = kind.issue(text, limits) {
                    issues.add(place, &issue);
                }
            }
            (kind, other) => {
                issues.wrong_type(place, "string", other);
                // wire: zod checks the length of any value that has one.
                if kind == Kind::NewSecret
                    && let Some(Value::Array(items)) = other
                    && items.is_empty()
                {
                    issues.add(place, "Too small: expected array to have >=1 items");
                }
            }
        }
    }
}

impl Kind {
    /// Returns what is wrong with this text, if anything.
    pub(crate) fn issue(self, text: &str, limits: &Limits) -> Option<Cow<'static, str>> {
        let too_big = |limit: usize| {
            (text.chars().nth(limit).is_some())
                .then(|| format!("Too big: expected string to have <={limit} characters").into())
        };
        let nul = text.contains('\0').then_some(NUL);
        match self {
            Self::Email => EmailAddress::parse(text)
                .err()
                .map(|_| "Invalid email address".into()),
            Self::NewSecret if text.is_empty() => {
                Some("Too small: expected string to have >=1 characters".into())
            }
            Self::NewSecret | Self::Secret => nul,
            Self::Name => nul.or_else(|| too_big(limits.name)),
            Self::RedirectUrl => nul.or_else(|| too_big(limits.url)),
            Self::Image => nul
                .or_else(|| too_big(limits.url))
                .or_else(|| (!is_on_the_web(text)).then_some("Invalid URL".into())),
            Self::Text | Self::Boolean | Self::Anything => nul.or_else(|| too_big(limits.text)),
        }
    }
}

fn is_on_the_web(reference: &str) -> bool {
    Url::parse(ANY_BASE)
        .and_then(|base| base.join(reference))
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// All issues, as one message.
#[derive(Default)]
pub(crate) struct Issues(String);

impl Issues {
    pub(crate) fn add(&mut self, place: impl Display, issue: &str) {
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        let _writing_to_a_string_cannot_fail = write!(self.0, "[{place}] {issue}");
    }

    pub(crate) fn wrong_type(&mut self, place: impl Display, expected: &str, received: Option<&Value>) {
        self.add(
            place,
            &format!(
                "Invalid input: expected {expected}, received {}",
                type_of(received)
            ),
        );
    }

    /// Returns the value, or an error if there are issues.
    pub(crate) fn or<T>(self, value: T) -> Result<T, ApiError> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self.refusal())
        }
    }

    fn refusal(self) -> ApiError {
        ApiError::with_message(&code::VALIDATION_ERROR, self.0)
    }
}

impl ApiError {
    /// Creates an error for one value of a wrong type.
    pub(crate) fn wrong_type(place: impl Display, expected: &str, received: Option<&Value>) -> Self {
        let mut issues = Issues::default();
        issues.wrong_type(place, expected, received);
        issues.refusal()
    }
}

const fn type_of(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: Schema = Schema {
        fields: &[
            Field::optional("image", Kind::Text).or_null(),
            Field::optional("name", Kind::Text),
        ],
        known_as: &["object"],
    };

    #[test]
    fn only_a_nullable_field_accepts_null() {
        let values = SCHEMA
            .read(Some(json!({ "image": null })), &Limits::default())
            .ok()
            .unwrap();
        assert!(values.has("image") && !values.has("name"));
        let refused = SCHEMA.read(Some(json!({ "image": null, "name": null })), &Limits::default());
        assert!(refused.is_err());
    }

    #[test]
    fn declares_returns_true_only_for_declared_fields() {
        assert!(SCHEMA.declares("name") && !SCHEMA.declares("names"));
    }
}

//! Bodies and queries by declared schema: all that is wrong with one is said at once, in zod's words and order.

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
/// What images and other relative references are read against: only the scheme of the outcome counts.
const ANY_BASE: &str = "https://base.invalid";

/// What a body or a query must be.
pub(crate) struct Schema {
    /// In the order in which issues are told.
    pub(crate) fields: &'static [Field],
    /// What zod would have a body be, each of which has its own word about one that is no object.
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

/// What a member must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// What somebody is called.
    Name,
    /// A password as somebody presents it. Its length is for the password policy to judge.
    Secret,
    /// A password to be: not empty.
    NewSecret,
    /// An e-mail address.
    Email,
    /// Where to go afterwards.
    RedirectUrl,
    /// Where a picture is: on the web, or relative.
    Image,
    /// Anything at all: whether it may be there is for the handler to judge.
    Anything,
    /// True or false.
    Boolean,
}

/// The accepted members.
#[derive(Debug, Default)]
pub(crate) struct Values(Map<String, Value>);

impl Values {
    /// Takes the text of a required member out.
    pub(crate) fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    /// Takes the text of a member out, where it is there.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.0.swap_remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Takes the text of a member out, where there is one that says something.
    pub(crate) fn filled_text(&mut self, name: &str) -> Option<String> {
        self.optional_text(name).filter(|text| !text.is_empty())
    }

    /// Takes the address of a required member out.
    ///
    /// # Errors
    ///
    /// `INVALID_EMAIL` where it is none.
    pub(crate) fn email(&mut self, name: &str) -> Result<EmailAddress, ApiError> {
        EmailAddress::parse(&self.text(name)).map_err(|_invalid| (&code::INVALID_EMAIL).into())
    }

    /// The members that are left, declared or not.
    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether the member is there, be it `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether JavaScript would take the member for true.
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

    /// May also be `null`.
    pub(crate) const fn or_null(self) -> Self {
        Self {
            is_nullable: true,
            ..self
        }
    }
}

impl Schema {
    /// Reads a body. Members that are not declared are passed over.
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

    /// Reads a query. Parameters that are not declared are passed over.
    ///
    /// # Errors
    ///
    /// `VALIDATION_ERROR` with every issue; a parameter that stands there twice is one.
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
                // wire: zod measures whatever has a length.
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
    /// What is wrong with this text, if anything is.
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

/// What is wrong, as one sentence.
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

    /// The value, unless something is wrong.
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
    /// One thing is of another type than it must be.
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
    fn null_is_a_value_where_it_may_be_one() {
        let values = SCHEMA
            .read(Some(json!({ "image": null })), &Limits::default())
            .ok()
            .unwrap();
        assert!(values.has("image") && !values.has("name"));
        let refused = SCHEMA.read(Some(json!({ "image": null, "name": null })), &Limits::default());
        assert!(refused.is_err());
    }

    #[test]
    fn a_schema_knows_its_fields() {
        assert!(SCHEMA.declares("name") && !SCHEMA.declares("names"));
    }
}

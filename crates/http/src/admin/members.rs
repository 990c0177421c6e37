//! Members of bodies and queries that only these routes have.

use portcullis_application::admin::RoleInput;
use portcullis_domain::password::Password;
use serde_json::Value;

use crate::extract::body::{Coerced, Member, Place, Reader, Secret, Shape, text_issue};

/// wire: a value of a union of types has no better issue.
const INVALID: &str = "Invalid input";

/// The name of a role, or a list of names.
pub(super) enum RoleNames {}

impl Member for RoleNames {
    type Value = RoleInput;

    const SHAPE: Shape = Shape::Anything;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<RoleInput> {
        let roles = RoleInput::read(&value.unwrap_or_default());
        let RoleInput::Names(names) = &roles else {
            reader.issues.add(at, INVALID);
            return None;
        };
        if let Some(issue) = text_issue(&names.join(","), reader.limits) {
            reader.issues.add(at, &issue);
            return None;
        }
        Some(roles)
    }
}

/// A new password, with the issue of this route.
pub(super) enum GivenPassword {}

impl Member for GivenPassword {
    type Value = Password;

    const SHAPE: Shape = Shape::NewSecret;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Password> {
        // wire: zod checks the length of any value that has one.
        let is_empty = match &value {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            _ => false,
        };
        let password = Secret::read(value, at, reader);
        if is_empty {
            reader.issues.add(at, "newPassword cannot be empty");
            return None;
        }
        password
    }
}

/// The id of a user, with the issue of this route.
pub(super) enum GivenUser {}

impl Member for GivenUser {
    type Value = String;

    const SHAPE: Shape = Shape::Text;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        let id = Coerced::read(value, at, reader)?;
        if id.is_empty() {
            reader.issues.add(at, "userId cannot be empty");
            return None;
        }
        Some(id)
    }
}

/// Returns the number that JavaScript's `Number` makes of a text. `None`: it is no number.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = |prefix: [&str; 2]| {
        let [lower, upper] = prefix;
        text.strip_prefix(lower).or_else(|| text.strip_prefix(upper))
    };
    for (prefix, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        if let Some(digits) = digits(prefix) {
            return u32::from_str_radix(digits, radix).ok().map(f64::from);
        }
    }
    match text {
        "" => Some(0.0),
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // Rust also reads words.
        text if text.contains(|character: char| {
            character.is_ascii_alphabetic() && !matches!(character, 'e' | 'E')
        }) =>
        {
            None
        }
        text => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_the_number_that_javascript_makes_of_it() {
        for (text, expected) in [
            ("10", Some(10.0)),
            (" 5 ", Some(5.0)),
            ("", Some(0.0)),
            ("1e2", Some(100.0)),
            ("0x10", Some(16.0)),
            ("-1", Some(-1.0)),
            ("1.5", Some(1.5)),
            ("Infinity", Some(f64::INFINITY)),
            ("inf", None),
            ("nan", None),
            ("ten", None),
            ("1 2", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}

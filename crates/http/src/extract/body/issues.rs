//! The issues of a body or a query, in zod's words.

use std::fmt::{Display, Write as _};

use serde_json::Value;

use crate::{code, error::ApiError};

/// All issues, as one message.
#[derive(Default)]
pub(crate) struct Issues(String);

impl Issues {
    /// Adds an issue of the value at this place.
    pub(crate) fn add(&mut self, place: impl Display, issue: &str) {
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        let _writing_to_a_string_cannot_fail = write!(self.0, "[{place}] {issue}");
    }

    /// Adds an issue for a value of a wrong type.
    pub(crate) fn wrong_type(&mut self, place: impl Display, expected: &str, received: Option<&Value>) {
        self.add(place, &type_issue(expected, received));
    }

    /// Returns the error that reports the issues.
    pub(crate) fn refusal(self) -> ApiError {
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

/// Returns the issue of a value of a wrong type.
pub(crate) fn type_issue(expected: &str, received: Option<&Value>) -> String {
    let received = type_of(received);
    format!("Invalid input: expected {expected}, received {received}")
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

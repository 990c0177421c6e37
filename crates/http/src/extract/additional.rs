//! The deployment's additional fields in bodies.

use portcullis_domain::additional::{AdditionalFields, FieldError, FieldSchema};
use serde_json::{Map, Value};

use super::body::{Issues, text_issue};
use crate::{code, error::ApiError, options::Limits};

/// Returns the declared fields of a new row.
///
/// # Errors
///
/// 400 for the first invalid field.
pub(crate) fn create(
    schema: &FieldSchema,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let fields = schema.create(body);
    checked(fields, body, limits)
}

/// Returns the declared fields that change.
///
/// # Errors
///
/// 400 for the first invalid field.
pub(crate) fn update(
    schema: &FieldSchema,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let fields = schema.update(body);
    checked(fields, body, limits)
}

fn checked(
    fields: Result<AdditionalFields, FieldError>,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let fields = fields.map_err(|error| invalid_field(error, body))?;
    let mut issues = Issues::default();
    for (name, value) in fields.values() {
        for text in texts(value) {
            if let Some(issue) = text_issue(text, limits) {
                issues.add(format_args!("body.{name}"), &issue);
            }
        }
    }
    issues.or(fields)
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let items = value.as_array().into_iter().flatten();
    items.chain([value]).filter_map(Value::as_str)
}

fn invalid_field(error: FieldError, body: &Map<String, Value>) -> ApiError {
    let message = error.to_string();
    match error {
        FieldError::Required(_) => ApiError::named_after(&code::FIELD_IS_REQUIRED, message),
        FieldError::NotAllowed(_) => ApiError::named_after(&code::FIELD_IS_NOT_ALLOWED, message),
        FieldError::WrongKind { name, expected } => {
            ApiError::wrong_type(format_args!("body.{name}"), expected, body.get(&name))
        }
    }
}

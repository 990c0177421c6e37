//! The deployment's additional fields in bodies.

use portcullis_domain::additional::{AdditionalFields, FieldDefinition, FieldError, FieldKind, FieldSchema};
use serde_json::{Map, Value};

use super::body::{choice_issue, text_issue, type_issue};
use crate::{code, error::ApiError, options::Limits};

/// Returns the declared fields of a new row.
///
/// # Errors
///
/// 400 with all invalid fields.
pub(crate) fn create(
    schema: &FieldSchema,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let fields = schema.create(body);
    checked(fields, schema, body, limits)
}

/// Returns the declared fields that change.
///
/// # Errors
///
/// 400 with all invalid fields.
pub(crate) fn update(
    schema: &FieldSchema,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let fields = schema.update(body);
    checked(fields, schema, body, limits)
}

/// Returns the declared fields of a new row of a plugin. Better Auth's schema of the body contains them: every error is
/// a `VALIDATION_ERROR`, and fields that clients may not set are ignored. `place` is the object that contains the
/// fields, such as `body`.
///
/// # Errors
///
/// 400 with all invalid fields.
pub(crate) fn create_within(
    place: &str,
    schema: &FieldSchema,
    sent: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let sent = settable(schema, sent);
    let fields = schema.create(&sent);
    checked_within(place, fields, schema, (&sent, limits))
}

/// Returns the declared fields of a plugin's row that change, as [`create_within`] does.
///
/// # Errors
///
/// 400 with all invalid fields.
pub(crate) fn update_within(
    place: &str,
    schema: &FieldSchema,
    sent: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let sent = settable(schema, sent);
    let fields = schema.update(&sent);
    checked_within(place, fields, schema, (&sent, limits))
}

/// Returns the declared fields that clients may set.
fn settable(schema: &FieldSchema, sent: &Map<String, Value>) -> Map<String, Value> {
    let settable = schema.fields().iter().filter(|field| field.is_input);
    let sent = settable.filter_map(|field| Some((field.name.clone(), sent.get(&field.name)?.clone())));
    sent.collect()
}

fn checked_within(
    place: &str,
    fields: Result<AdditionalFields, Vec<FieldError>>,
    schema: &FieldSchema,
    (sent, limits): (&Map<String, Value>, &Limits),
) -> Result<AdditionalFields, ApiError> {
    let (fields, errors) = match fields {
        Ok(fields) => (fields, Vec::new()),
        Err(errors) => (AdditionalFields::default(), errors),
    };
    let issue = |field: &FieldDefinition| {
        let value = sent.get(&field.name);
        let is_wrong = errors.iter().any(|error| error.field() == field.name);
        let issue = match (&field.kind, is_wrong) {
            (FieldKind::Enum(choices), true) => Some(choice_issue(choices)),
            (FieldKind::Number, true) if !value.is_some_and(Value::is_number) => {
                Some(type_issue("number", value))
            }
            (kind, true) => Some(type_issue(kind.expected(), value)),
            (_, false) => text_issue_within(value?, limits),
        };
        Some(format!("[{place}.{}] {}", field.name, issue?))
    };
    let issues: Vec<_> = schema.fields().iter().filter_map(issue).collect();
    if issues.is_empty() {
        Ok(fields)
    } else {
        Err(ApiError::with_message(&code::VALIDATION_ERROR, issues.join("; ")))
    }
}

/// Adds the texts that are too long to the errors. The code is that of the first error, as in Better Auth, and the
/// message contains all of them.
fn checked(
    fields: Result<AdditionalFields, Vec<FieldError>>,
    schema: &FieldSchema,
    body: &Map<String, Value>,
    limits: &Limits,
) -> Result<AdditionalFields, ApiError> {
    let (fields, errors) = match fields {
        Ok(fields) => (fields, Vec::new()),
        Err(errors) => (AdditionalFields::default(), errors),
    };
    let mut first = None;
    let mut messages = Vec::new();
    for field in schema.fields() {
        let value = body.get(&field.name);
        let error = errors.iter().find(|error| error.field() == field.name);
        let message = match error {
            Some(error) => Some(message(error, value)),
            None => value.and_then(|value| unfit_text(field, value, limits)),
        };
        if let Some(message) = message {
            first = first.or(Some(error));
            messages.push(message);
        }
    }
    match first {
        None => Ok(fields),
        Some(error) => Err(rejection(error, &messages)),
    }
}

fn rejection(first: Option<&FieldError>, messages: &[String]) -> ApiError {
    let name = messages.first().map(String::as_str).unwrap_or_default();
    let all = messages.join("; ");
    match first {
        Some(FieldError::Required(_)) => ApiError::named_after(&code::FIELD_IS_REQUIRED, name, all),
        Some(FieldError::NotAllowed(_)) => ApiError::named_after(&code::FIELD_IS_NOT_ALLOWED, name, all),
        Some(FieldError::WrongKind { .. }) | None => ApiError::with_message(&code::VALIDATION_ERROR, all),
    }
}

fn message(error: &FieldError, received: Option<&Value>) -> String {
    match error {
        FieldError::WrongKind { name, kind } => {
            let issue = match kind {
                FieldKind::Enum(choices) => choice_issue(choices),
                kind => type_issue(kind.expected(), received),
            };
            format!("[body.{name}] {issue}")
        }
        FieldError::Required(_) | FieldError::NotAllowed(_) => error.to_string(),
    }
}

/// Returns the issue of a text that is too long or contains NUL.
fn unfit_text(field: &FieldDefinition, value: &Value, limits: &Limits) -> Option<String> {
    let value = field.kind.read(value).filter(|_| field.is_input)?;
    let issue = text_issue_within(&value, limits)?;
    Some(format!("[body.{}] {issue}", field.name))
}

fn text_issue_within(value: &Value, limits: &Limits) -> Option<String> {
    match value {
        Value::String(text) => text_issue(text, limits).map(Into::into),
        Value::Array(items) => items.iter().find_map(|item| text_issue_within(item, limits)),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let of_name = text_issue(name, limits).map(Into::into);
            of_name.or_else(|| text_issue_within(value, limits))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

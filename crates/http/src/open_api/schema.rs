//! JSON Schemas of inputs and of the deployment's additional fields.

use portcullis_domain::additional::{FieldDefinition, FieldKind, FieldSchema};
use serde_json::{Value, json};

use super::json::set;
use crate::{
    extract::body::{Schema, Shape},
    options::{Limits, Options},
};

/// The largest whole number that JavaScript represents exactly.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// Returns the schema of the body of an error.
pub(super) fn error() -> Value {
    json!({
        "description": "An error",
        "type": "object",
        "properties": {
            "code": { "type": "string", "description": "For programs" },
            "message": { "type": "string", "description": "For people" },
        },
        "required": ["code", "message"],
    })
}

/// Returns the schema of an error in OAuth's form, which has one of these names.
pub(super) fn oauth_error(names: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": {
            "error": { "enum": names, "description": "For programs" },
            "error_description": { "type": "string", "description": "For people" },
        },
        "required": ["error", "error_description"],
    })
}

/// Returns the schema of an object. Members that are not declared are ignored.
pub(super) fn of_object(schema: &Schema, limits: &Limits) -> Value {
    let mut object = json!({ "type": "object", "properties": {} });
    for field in schema.fields {
        add(
            &mut object,
            field.name,
            of_shape(&field.shape, limits),
            field.is_required,
        );
    }
    object
}

/// Returns the schema of a member. Lengths are in code points, as in the readers.
pub(super) fn of_shape(shape: &Shape, limits: &Limits) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string", "maxLength": limits.text }),
        Shape::FilledText => json!({ "type": "string", "minLength": 1, "maxLength": limits.text }),
        Shape::OneOrMany => {
            let text = of_shape(&Shape::Text, limits);
            json!({ "anyOf": [text, { "type": "array", "items": text }] })
        }
        Shape::Name => json!({ "type": "string", "maxLength": limits.name }),
        Shape::Secret => json!({ "type": "string", "format": "password" }),
        Shape::NewSecret => json!({ "type": "string", "format": "password", "minLength": 1 }),
        Shape::Email => json!({ "type": "string", "format": "email" }),
        Shape::RedirectUrl | Shape::Image => {
            json!({ "type": "string", "format": "uri-reference", "maxLength": limits.url })
        }
        Shape::Token => json!({ "type": "string" }),
        Shape::Record => json!({ "type": "object" }),
        Shape::Permissions => {
            let actions = of_shape(&Shape::List(&Shape::Text), limits);
            json!({ "type": "object", "additionalProperties": actions })
        }
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::WholeNumber => json!({ "type": "integer", "minimum": -MAX_SAFE, "maximum": MAX_SAFE }),
        Shape::Choice(names) => json!({ "type": "string", "enum": names }),
        Shape::List(item) => json!({ "type": "array", "items": of_shape(item, limits) }),
        Shape::Object(schema) => of_object(schema, limits),
        Shape::Nullable(shape) => nullable(of_shape(shape, limits)),
        Shape::Anything => json!({}),
    }
}

/// Adds the additional fields that clients may set of a user.
pub(super) fn add_input(object: &mut Value, options: &Options, is_creation: bool) {
    let fields = options.user_fields.fields().iter();
    for field in fields.filter(|field| field.is_input) {
        let mut schema = of_field(field);
        if field.kind == FieldKind::String {
            set(&mut schema, "maxLength", options.limits.text);
        }
        let schema = if field.is_required {
            schema
        } else {
            nullable(schema)
        };
        let is_required = is_creation && field.is_required && field.default.is_none();
        add(object, &field.name, schema, is_required);
    }
}

/// Adds the additional fields that clients see. Rows that are older than the declaration may have no value.
pub(super) fn add_shown(object: &mut Value, fields: &FieldSchema) {
    for field in fields.fields().iter().filter(|field| field.is_returned) {
        add(object, &field.name, nullable(of_field(field)), true);
    }
}

fn of_field(field: &FieldDefinition) -> Value {
    match &field.kind {
        FieldKind::String => json!({ "type": "string" }),
        FieldKind::Number => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Date => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Strings => json!({ "type": "array", "items": { "type": "string" } }),
        FieldKind::Numbers => json!({ "type": "array", "items": { "type": "number" } }),
        FieldKind::Enum(choices) => json!({ "type": "string", "enum": choices }),
        FieldKind::Json => json!({}),
    }
}

fn add(object: &mut Value, name: &str, schema: Value, is_required: bool) {
    if let Some(properties) = object.get_mut("properties") {
        set(properties, name, schema);
    }
    if !is_required {
        return;
    }
    match object.get_mut("required").and_then(Value::as_array_mut) {
        Some(required) => required.push(name.into()),
        None => set(object, "required", json!([name])),
    }
}

fn nullable(mut schema: Value) -> Value {
    if let Some(kind) = schema.get("type").cloned() {
        set(&mut schema, "type", json!([kind, "null"]));
    }
    if let Some(choices) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        choices.push(Value::Null);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_may_be_null_keeps_its_rules() {
        assert_eq!(
            nullable(json!({ "type": "string", "enum": ["a"] })),
            json!({ "type": ["string", "null"], "enum": ["a", null] })
        );
        assert_eq!(nullable(json!({})), json!({}));
        let shape = Shape::List(&Shape::Nullable(&Shape::Boolean));
        assert_eq!(
            of_shape(&shape, &Limits::default()),
            json!({ "type": "array", "items": { "type": ["boolean", "null"] } })
        );
    }
}

//! The input of an operation: parameters and the body.

use portcullis_application::seams::UserOperation;
use serde_json::{Map, Value, json};

use super::{
    json::{at, list, member},
    schema,
};
use crate::{options::Options, route::Route};

/// Returns the parameters in the path and in the query.
pub(super) fn parameters(route: &Route, path: &str, options: &Options) -> Vec<Value> {
    let variables = path.split('/').filter_map(|segment| segment.strip_prefix(':'));
    let in_path = variables.map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } })
    });
    let declared = route.query().map(|schema| schema.fields).unwrap_or_default();
    let declared = declared.iter().map(|field| {
        json!({
            "name": field.name,
            "in": "query",
            "required": field.is_required,
            "schema": schema::of_shape(&field.shape, &options.limits),
        })
    });
    let read_by_handler = route.operation.query.iter();
    let read_by_handler = read_by_handler.map(|parameter| optional(parameter.name, parameter.description));
    let may_renew = route.looks_up_sessions() && !route.answers_any_method();
    let renewal =
        may_renew.then(|| optional("disableRefresh", "If it is not empty, the session is not renewed"));
    in_path
        .chain(declared)
        .chain(read_by_handler)
        .chain(renewal)
        .collect()
}

fn optional(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "in": "query",
        "required": false,
        "description": description,
        "schema": { "type": "string" },
    })
}

/// Returns the body. `None`: the route ignores it.
pub(super) fn body(route: &Route, options: &Options) -> Option<Value> {
    let declared = route.body()?;
    let mut schema = schema::of_object(declared, &options.limits);
    if let Some(operation) = route.user_operation {
        let is_creation = operation == UserOperation::Create;
        schema::add_input(&mut schema, options, is_creation);
    }
    if route.is_of_oauth() {
        add_credentials(&mut schema);
    }
    let media = json!({ "schema": schema, "example": example(&schema) });
    let content: Map<String, Value> = route
        .media_types
        .iter()
        .map(|media_type| ((*media_type).to_owned(), media.clone()))
        .collect();
    Some(json!({ "required": !route.is_body_optional(), "content": content }))
}

/// Adds the members by which a service may authenticate itself instead of by HTTP Basic, and the hint of RFC 7662,
/// which is ignored.
fn add_credentials(schema: &mut Value) {
    let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, description) in [
        ("token_type_hint", "Ignored"),
        ("client_id", "The name of the service, without HTTP Basic"),
        ("client_secret", "The secret of the service, without HTTP Basic"),
    ] {
        let member = json!({ "type": "string", "description": description });
        members.insert(name.to_owned(), member);
    }
}

/// Returns an object with the required members.
fn example(schema: &Value) -> Value {
    let required = at(schema, "/required").as_array().into_iter().flatten();
    let required = required.filter_map(Value::as_str);
    let named = |name: &str| {
        (
            name.to_owned(),
            example_of(name, member(at(schema, "/properties"), name)),
        )
    };
    Value::Object(required.map(named).collect())
}

fn example_of(name: &str, schema: &Value) -> Value {
    let first = list(at(schema, "/enum")).first().cloned();
    first.unwrap_or_else(
        || match (at(schema, "/type").as_str(), at(schema, "/format").as_str()) {
            (_, Some("email")) => "ada@example.com".into(),
            (_, Some("password")) => "correct horse battery".into(),
            (_, Some("uri-reference")) => "/".into(),
            (_, Some("date-time")) => "2026-01-01T00:00:00.000Z".into(),
            (Some("boolean"), _) => true.into(),
            (Some("integer" | "number"), _) => 1.into(),
            (Some("array"), _) => json!([]),
            (Some("object"), _) => example(schema),
            _ => name.into(),
        },
    )
}

//! The answers of an operation: what its handler returns, and every error.

use std::collections::BTreeMap;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{deployment::Deployment, json::set, schema};
use crate::{
    code::{self, Code},
    operation::{Answer, Content, SentWith},
};

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const TEXT: &str = "text/plain";

/// Returns the answers by status.
pub(super) fn of(
    answers: &[Answer],
    codes: &[&'static Code],
    deployment: &Deployment<'_>,
    schemas: &mut SchemaGenerator,
) -> Value {
    let mut by_status: BTreeMap<u16, Vec<&Answer>> = BTreeMap::new();
    let sent = answers
        .iter()
        .filter(|answer| !answer.is_of_second_step || deployment.has_second_steps);
    for answer in sent {
        by_status.entry(answer.status).or_default().push(answer);
    }
    let mut errors: BTreeMap<u16, Vec<&'static Code>> = BTreeMap::new();
    for code in codes {
        errors.entry(code.status).or_default().push(code);
    }
    let successes = by_status
        .into_iter()
        .map(|(status, answers)| (status, success(&answers, deployment, schemas)));
    let errors = errors
        .into_iter()
        .map(|(status, codes)| (status, error(status, &codes, deployment)));
    let all: BTreeMap<u16, Value> = errors.chain(successes).collect();
    Value::Object(
        all.into_iter()
            .map(|(status, answer)| (status.to_string(), answer))
            .collect(),
    )
}

fn success(answers: &[&Answer], deployment: &Deployment<'_>, schemas: &mut SchemaGenerator) -> Value {
    let descriptions: Vec<_> = answers.iter().map(|answer| answer.description).collect();
    let mut response = json!({ "description": descriptions.join(". Or: ") });
    let headers = headers(answers, deployment);
    if !headers.is_empty() {
        set(&mut response, "headers", headers);
    }
    let bodies: Vec<Value> = answers
        .iter()
        .filter_map(|answer| match answer.content {
            Content::Json(schema) => Some(schema(schemas).to_value()),
            Content::Html | Content::Nothing => None,
        })
        .collect();
    let has_page = answers
        .iter()
        .any(|answer| matches!(answer.content, Content::Html));
    let mut content = Map::new();
    if !bodies.is_empty() {
        content.insert(JSON.to_owned(), json!({ "schema": any_of(bodies) }));
    }
    if has_page {
        content.insert(HTML.to_owned(), json!({ "schema": { "type": "string" } }));
    }
    if !content.is_empty() {
        set(&mut response, "content", content);
    }
    response
}

fn any_of(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.pop().unwrap_or_default(),
        _ => json!({ "anyOf": schemas }),
    }
}

fn headers(answers: &[&Answer], deployment: &Deployment<'_>) -> Map<String, Value> {
    let any = |has: fn(&Answer) -> bool| answers.iter().any(|answer| has(answer));
    let (sets_cookies, has_session) = (any(|it| it.sets_cookies), any(|it| it.contains_session));
    let own = [
        (
            any(|it| it.has_location),
            "Location",
            "The page that the client is to open",
        ),
        (
            sets_cookies,
            "Set-Cookie",
            "The cookies that change, one in each line",
        ),
    ];
    let own = own
        .into_iter()
        .filter_map(|(has, name, description)| has.then_some((name, description)));
    let added = deployment
        .added_headers
        .iter()
        .filter(|header| match header.sent_with {
            SentWith::Cookies => sets_cookies,
            SentWith::Session => has_session,
        });
    own.chain(added.map(|header| (header.name, header.description)))
        .map(|(name, description)| (name.to_owned(), header(description, "string")))
        .collect()
}

fn header(description: &str, kind: &str) -> Value {
    json!({ "description": description, "schema": { "type": kind } })
}

fn error(status: u16, codes: &[&'static Code], deployment: &Deployment<'_>) -> Value {
    let lines: Vec<_> = codes
        .iter()
        .map(|code| {
            let without_body = if code.is_bare { " (without a body)" } else { "" };
            format!("`{}`: {}{without_body}", code.name, code.message)
        })
        .collect();
    let mut response = json!({ "description": lines.join("\n\n") });
    if status == code::TOO_MANY_REQUESTS.status {
        let seconds = header("Seconds after which the client may retry", "integer");
        set(
            &mut response,
            "headers",
            json!({ "Retry-After": seconds, "X-Retry-After": seconds }),
        );
    }
    let has_fields = !deployment.options.user_fields.is_empty();
    let content = error_content(codes, has_fields);
    if !content.is_empty() {
        set(&mut response, "content", content);
    }
    response
}

/// Returns the bodies of errors by their media types.
fn error_content(codes: &[&'static Code], has_fields: bool) -> Map<String, Value> {
    let is_text = |code: &&&Code| code.is_nameless || **code == &code::TOO_MANY_REQUESTS;
    let named = codes.iter().filter(|code| !is_text(code) && !code.is_bare);
    let (of_oauth, others): (Vec<_>, Vec<_>) = named.copied().partition(|code| code.is_of_oauth);
    let mut bodies = Vec::new();
    if !others.is_empty() {
        bodies.push(body(&others, has_fields));
    }
    if !of_oauth.is_empty() {
        bodies.push(schema::oauth_error(&names(&of_oauth)));
    }
    let mut content = Map::new();
    if !bodies.is_empty() {
        content.insert(JSON.to_owned(), json!({ "schema": any_of(bodies) }));
    }
    if codes.iter().any(|code| is_text(&code)) {
        content.insert(TEXT.to_owned(), json!({ "schema": { "type": "string" } }));
    }
    content
}

fn names(codes: &[&'static Code]) -> Vec<&'static str> {
    codes.iter().map(|code| code.name).collect()
}

/// Returns the schema of an error's body, with the codes that it may contain. `has_fields`: users have additional
/// fields.
fn body(codes: &[&'static Code], has_fields: bool) -> Value {
    let reference = json!({ "$ref": "#/components/schemas/Error" });
    // The codes of these errors begin with the names of additional fields.
    let named_after_fields = [&code::FIELD_IS_REQUIRED, &code::FIELD_IS_NOT_ALLOWED];
    let mut varying = codes.iter().filter(|code| code.variable.is_some());
    if varying.any(|code| has_fields || !named_after_fields.contains(code)) {
        return reference;
    }
    json!({ "allOf": [reference, { "type": "object", "properties": { "code": { "enum": names(codes) } } }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth_error::INVALID_REQUEST;

    #[test]
    fn errors_of_one_status_may_have_both_forms() {
        let [of_core, of_oauth]: [&[&'static Code]; 2] = [&[&code::VALIDATION_ERROR], &[&INVALID_REQUEST]];
        let schema = |codes: &[&'static Code]| error_content(codes, false)[JSON]["schema"].clone();
        let both = schema(&[of_core, of_oauth].concat());
        assert_eq!(both, json!({ "anyOf": [schema(of_core), schema(of_oauth)] }));
        assert_eq!(schema(of_oauth), schema::oauth_error(&["invalid_request"]));
    }
}

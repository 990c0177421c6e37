//! `docs/http-api.md`, which is written from the document of a server with every feature.

use std::fmt::Write as _;

use portcullis_testkit::{TestServer, assert_document};
use serde_json::Value;

use super::{document, operations};

const HEAD: &str = "\
# HTTP API

Every route of a server with every feature. A server in development, or with `plugins.open_api`, describes the routes
that it has: as an OpenAPI 3.1 document at `/open-api/generate-schema`, and as a page at `/reference`, both below the
base path.

Paths are below `/api/auth`, except those that are marked as at the root. Bodies are JSON; routes that also accept forms
say so. Undeclared members and parameters are ignored, and no text may contain NUL. Limits of lengths are the defaults of
[`limits`](configuration.md).

Each route lists the errors of its own. In addition, any route may return these; [errors](errors.md) contains their
messages:

| when | status and code |
| --- | --- |
| always | 431 `REQUEST_HEADER_FIELDS_TOO_LARGE`, 500 `INTERNAL_SERVER_ERROR`, 503 `SERVICE_UNAVAILABLE` |
| below the base path | 429 without a code |
| the query or the body is invalid | 400 `VALIDATION_ERROR` |
| a redirect URL is not trusted | 403 `INVALID_CALLBACKURL`, `INVALID_REDIRECTURL`, `INVALID_ERRORCALLBACKURL`, `INVALID_NEWUSERCALLBACKURL` |
| `POST` | 400 `INVALID_JSON`, `INVALID_BODY`; 403 `INVALID_ORIGIN`, `MISSING_OR_NULL_ORIGIN`; 408 `REQUEST_TIMEOUT`; 413 `PAYLOAD_TOO_LARGE`; 415 `UNSUPPORTED_MEDIA_TYPE` |
| `POST`, or a session is looked up | 409 `RECORD_IS_REFERENCED`, 422 `REJECTED_BY_DATABASE` |
| for callers with a session | 401 without a body |
| for callers with a fresh session | 403 `SESSION_IS_NOT_FRESH` |
| a page of another site sends a sign-up, a sign-in or the form for a new password | 403 `CROSSSITE_NAVIGATION_LOGIN_BLOCKED_THIS_REQUEST_APPEARS_TO_BE_A_CSRF_ATTACK` |
| the body sets additional fields | 400 `…_IS_REQUIRED`, `…_IS_NOT_ALLOWED_TO_BE_SET`, and the errors of user names |

This file is generated from the code: run `just docs` to update it. A test fails if it is out of date.
";

#[tokio::test]
async fn the_list_of_routes_is_current() {
    let document = document(&TestServer::with_all_features()).await;
    let mut text = HEAD.to_owned();
    for tag in document["tags"].as_array().unwrap() {
        writeln!(text, "\n## {}", tag["name"].as_str().unwrap()).unwrap();
        for (path, method, operation) in operations(&document) {
            if operation["tags"][0] == tag["name"] {
                let is_at_root = document["paths"][path].get("servers").is_some();
                route(&mut text, (method, path, is_at_root), operation);
            }
        }
    }
    writeln!(text, "\n## Objects").unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        writeln!(text, "\n`{name}`: {}", kind(schema)).unwrap();
    }
    assert_document("docs/http-api.md", &text);
}

fn route(text: &mut String, (method, path, is_at_root): (&str, &str, bool), operation: &Value) {
    writeln!(text, "\n### `{} {path}`\n", method.to_uppercase()).unwrap();
    let root = if is_at_root { " At the root." } else { "" };
    let (summary, access) = (&operation["summary"], &operation["x-access"]);
    let (summary, access) = (summary.as_str().unwrap(), access.as_str().unwrap());
    writeln!(text, "{summary}. For {access}.{root}\n").unwrap();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (
            parameter["name"].as_str().unwrap(),
            parameter["in"].as_str().unwrap(),
        );
        let kind = kind(&parameter["schema"]);
        let description = parameter["description"].as_str().map(|text| format!(". {text}"));
        let description = description.unwrap_or_default();
        let mark = mark(parameter["required"] == true);
        writeln!(text, "* {place} `{name}`: {kind}{mark}{description}").unwrap();
    }
    body(text, &operation["requestBody"]);
    for (status, response) in operation["responses"].as_object().unwrap() {
        if **status < *"400" {
            answer(text, status, response);
        }
    }
    let codes = operation["x-codes"].as_array().unwrap().iter();
    let codes: Vec<_> = codes
        .map(|code| format!("{} `{}`", code["status"], code["code"].as_str().unwrap()))
        .collect();
    if !codes.is_empty() {
        writeln!(text, "* errors: {}", codes.join(", ")).unwrap();
    }
}

fn body(text: &mut String, body: &Value) {
    let Some(content) = body["content"].as_object() else {
        return;
    };
    let schema = &content.values().next().unwrap()["schema"];
    let optional = if body["required"] == false {
        ", may be missing"
    } else {
        ""
    };
    let forms = match (content.len(), content.contains_key("application/json")) {
        (1, true) => "",
        (_, true) => ", also a form",
        _ => ", a form",
    };
    writeln!(text, "* body{optional}{forms}:").unwrap();
    let required = schema["required"].as_array();
    for (name, member) in schema["properties"].as_object().unwrap() {
        let is_required = required.is_some_and(|required| required.iter().any(|it| it == name));
        writeln!(text, "  * `{name}`: {}{}", kind(member), mark(is_required)).unwrap();
    }
}

fn answer(text: &mut String, status: &str, response: &Value) {
    let contents = response["content"].as_object().into_iter().flatten();
    let contents: Vec<_> = contents
        .map(|(media_type, content)| match media_type.as_str() {
            "application/json" => format!(" {}", kind(&content["schema"])),
            _ => " a page".to_owned(),
        })
        .collect();
    let content = contents.join(" or");
    let description = response["description"].as_str().unwrap();
    let headers = response["headers"].as_object().into_iter().flatten();
    let headers: Vec<_> = headers.map(|(name, _)| format!("`{name}`")).collect();
    let headers = if headers.is_empty() {
        String::new()
    } else {
        format!(" Headers: {}.", headers.join(", "))
    };
    writeln!(text, "* {status}:{content} {description}.{headers}").unwrap();
}

const fn mark(is_required: bool) -> &'static str {
    if is_required { ", required" } else { "" }
}

/// Which values a schema accepts.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return format!("`{}`", reference.rsplit('/').next().unwrap());
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{constant}`");
    }
    for several in ["enum", "anyOf"] {
        if let Some(several) = schema[several].as_array() {
            let several: Vec<_> = several
                .iter()
                .map(|it| {
                    if it.is_object() {
                        kind(it)
                    } else {
                        format!("`{it}`")
                    }
                })
                .collect();
            return several.join(" or ");
        }
    }
    let names = match &schema["type"] {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    let names: Vec<_> = names
        .iter()
        .map(|name| of_type(name.as_str().unwrap_or("any value"), schema))
        .collect();
    names.join(" or ")
}

fn of_type(name: &str, schema: &Value) -> String {
    match (name, schema["format"].as_str(), schema["maxLength"].as_u64()) {
        ("array", ..) => format!("list of {}", kind(&schema["items"])),
        ("object", ..) if schema["properties"].is_object() => {
            let members = schema["properties"].as_object().unwrap().iter();
            let members: Vec<_> = members
                .map(|(name, member)| format!("`{name}`: {}", kind(member)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        ("string", Some("email"), _) => "e-mail address".to_owned(),
        ("string", Some("password"), _) => "password".to_owned(),
        ("string", Some("date-time"), _) => "date and time".to_owned(),
        ("string", Some("uri-reference"), Some(most)) => format!("URL, at most {most} characters"),
        ("string", _, Some(most)) => format!("text, at most {most} characters"),
        ("string", ..) => "text".to_owned(),
        (name, ..) => name.to_owned(),
    }
}

//! Schemas in words.

use serde_json::Value;

use super::json::at;

/// Returns which values a schema accepts, in a few words.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(reference) = at(schema, "/$ref").as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(constant) = schema.get("const") {
        return constant.to_string();
    }
    if let Some(choices) = at(schema, "/enum").as_array() {
        let choices: Vec<_> = choices.iter().map(Value::to_string).collect();
        return choices.join(" or ");
    }
    if let Some(several) = at(schema, "/anyOf").as_array() {
        let several: Vec<_> = several.iter().map(kind).collect();
        return several.join(" or ");
    }
    match at(schema, "/type") {
        Value::String(name) => of_type(name, schema),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            let names: Vec<_> = names.map(|name| of_type(name, schema)).collect();
            names.join(" or ")
        }
        _ => "any value".to_owned(),
    }
}

fn of_type(name: &str, schema: &Value) -> String {
    match (name, at(schema, "/items"), at(schema, "/properties").as_object()) {
        ("array", items, _) if items.is_object() => format!("list of: {}", kind(items)),
        ("object", _, Some(members)) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, member)| format!("{name}: {}", kind(member)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        ("string", ..) => string(schema),
        _ => name.to_owned(),
    }
}

fn string(schema: &Value) -> String {
    let kind = match at(schema, "/format").as_str() {
        Some("email") => "e-mail address",
        Some("password") => "password",
        Some("uri-reference") => "URL",
        Some("date-time") => "date and time",
        _ => "text",
    };
    match at(schema, "/maxLength").as_u64() {
        Some(most) => format!("{kind}, at most {most} characters"),
        None => kind.to_owned(),
    }
}

/// Returns the content of an answer, in a few words.
pub(super) fn answer_kind(response: &Value) -> String {
    let contents = at(response, "/content").as_object().into_iter().flatten();
    let kinds: Vec<_> = contents
        .map(|(media_type, content)| match media_type.as_str() {
            "application/json" if at(content, "/schema").get("allOf").is_some() => "Error".to_owned(),
            "application/json" => kind(at(content, "/schema")),
            "text/html" => "a page".to_owned(),
            _ => "text".to_owned(),
        })
        .collect();
    if kinds.is_empty() {
        "–".to_owned()
    } else {
        kinds.join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_described_in_words() {
        for (schema, words) in [
            (json!({ "$ref": "#/components/schemas/User" }), "User"),
            (
                json!({ "type": ["string", "null"], "maxLength": 3 }),
                "text, at most 3 characters or null",
            ),
            (
                json!({ "anyOf": [{ "const": true }, { "type": "null" }] }),
                "true or null",
            ),
            (
                json!({ "type": "array", "items": { "type": "boolean" } }),
                "list of: boolean",
            ),
            (
                json!({ "type": "object", "properties": { "ok": { "type": "boolean", "const": true } } }),
                "{ ok: true }",
            ),
            (json!({ "enum": ["a", null] }), "\"a\" or null"),
            (json!({}), "any value"),
        ] {
            assert_eq!(kind(&schema), words);
        }
    }

    #[test]
    fn the_content_of_an_answer_is_described_in_words() {
        let error = json!({ "content": { "application/json": { "schema": { "allOf": [] } } } });
        assert_eq!(answer_kind(&error), "Error");
        assert_eq!(answer_kind(&json!({ "content": { "text/html": {} } })), "a page");
        assert_eq!(answer_kind(&json!({})), "–");
    }
}

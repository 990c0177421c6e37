//! Examples of bodies, as a reader of the page edits them.

use serde_json::Value;

use super::json::{at, text};

const JSON: &str = "application/json";

/// Returns the media type of a body that the page sends, and what is documented of it. `None`: there is no body.
pub(super) fn preferred_content(body: &Value) -> Option<(&str, &Value)> {
    let content = at(body, "/content").as_object()?;
    let preferred = content.get_key_value(JSON).or_else(|| content.iter().next())?;
    Some((preferred.0.as_str(), preferred.1))
}

/// Returns the example of a body: JSON, or a form with one member in each line.
pub(super) fn example_text((media_type, content): (&str, &Value)) -> String {
    let example = at(content, "/example");
    if media_type == JSON {
        return format!("{example:#}");
    }
    let members = example.as_object().into_iter().flatten();
    let lines: Vec<_> = members
        .map(|(name, value)| format!("{name}={}", text(value)))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_shown_with_one_member_in_each_line() {
        let content = json!({ "example": { "token": "a", "client_id": "api" } });
        let form = example_text(("application/x-www-form-urlencoded", &content));
        assert_eq!(form, "token=a\nclient_id=api");
        assert!(example_text((JSON, &content)).starts_with("{\n"));
    }

    #[test]
    fn json_is_preferred_to_a_form() {
        let body = json!({ "content": { "application/x-www-form-urlencoded": {}, "application/json": {} } });
        assert_eq!(preferred_content(&body).map(|(name, _)| name), Some(JSON));
        assert_eq!(preferred_content(&Value::Null), None);
    }
}

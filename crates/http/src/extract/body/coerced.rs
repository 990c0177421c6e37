//! Values that JavaScript converts to texts.

use serde_json::{Number, Value};

use super::{
    member::{Member, Reader},
    place::Place,
    schema::Shape,
    text::text_issue,
};

/// The exponents of ten between which JavaScript writes numbers without an exponent.
const PLAIN: std::ops::Range<f64> = 1e-6..1e21;

/// Any value, as the text that JavaScript's `String` makes of it. A missing value is the text `undefined`.
pub(crate) enum Coerced {}

impl Member for Coerced {
    type Value = String;

    const SHAPE: Shape = Shape::Text;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        let text = value.as_ref().map_or_else(|| "undefined".to_owned(), text_of);
        if let Some(issue) = text_issue(&text, reader.limits) {
            reader.issues.add(at, &issue);
            return None;
        }
        Some(text)
    }
}

/// Returns the text that JavaScript's `String` makes of a value.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(boolean) => boolean.to_string(),
        Value::Number(number) => digits(number),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter();
            let items = items.map(|item| {
                if item.is_null() {
                    String::new()
                } else {
                    text_of(item)
                }
            });
            items.collect::<Vec<_>>().join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

fn digits(number: &Number) -> String {
    let Some(float) = number.as_f64() else {
        return number.to_string();
    };
    if float == 0.0 {
        return "0".to_owned();
    }
    if PLAIN.contains(&float.abs()) {
        return float.to_string();
    }
    let written = format!("{float:e}");
    match written.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_becomes_the_text_that_javascript_makes_of_it() {
        for (value, expected) in [
            (json!("x"), "x"),
            (json!(1), "1"),
            (json!(1.5), "1.5"),
            (json!(1e21), "1e+21"),
            (json!(1e-7), "1e-7"),
            (json!(true), "true"),
            (json!(null), "null"),
            (json!([1, [2, null], "x"]), "1,2,,x"),
            (json!({ "a": 1 }), "[object Object]"),
        ] {
            assert_eq!(text_of(&value), expected, "{value}");
        }
    }
}

//! Conversion of TOML to JSON, for values that have the same form in the file and in the environment.

use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

/// Converts a table to an object, in the order in which it is written.
pub(super) fn object(table: &DeTable<'_>) -> Map<String, Value> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    let entry = |name: &str, value: &DeValue<'_>| (name.to_owned(), json(value));
    entries
        .into_iter()
        .map(|(name, value)| entry(name.get_ref(), value.get_ref()))
        .collect()
}

/// Converts a value. A value that JSON does not have becomes the string that was written.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(boolean) => (*boolean).into(),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_too_long| integer.as_str().into(), Value::from),
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| float.as_str().into(), Value::Number)
        }
        DeValue::Datetime(moment) => moment.to_string().into(),
        DeValue::Array(entries) => entries.iter().map(|entry| json(entry.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(object(table)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_becomes_an_object_in_the_same_order() {
        let text = "z = 0x10\na = [1.5, \"x\"]\nm = { t = true, d = 2026-01-01T00:00:00Z }\nn = 99999999999999999999\n";
        let table = DeTable::parse(text).unwrap();
        let expected = json!({
            "z": 16,
            "a": [1.5, "x"],
            "m": { "t": true, "d": "2026-01-01T00:00:00Z" },
            "n": "99999999999999999999",
        });
        let object = object(table.get_ref());
        assert_eq!(object.keys().collect::<Vec<_>>(), ["z", "a", "m", "n"]);
        assert_eq!(Value::Object(object), expected);
    }
}

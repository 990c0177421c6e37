//! Normalisation of field values: each value has one form per kind.

use chrono::{DateTime, SecondsFormat, Timelike as _, Utc};
use serde_json::Value;

use super::FieldKind;
use crate::moment;

/// From this number of nanoseconds on, chrono represents a leap second, which JavaScript does not have.
const SECOND: u32 = 1_000_000_000;

impl FieldKind {
    /// Returns the value in its normalised form.
    ///
    /// # Errors
    ///
    /// The unchanged value, if it is of another kind.
    pub(super) fn form(&self, value: Value) -> Result<Value, Value> {
        match (self, value) {
            (Self::Date, Value::String(text)) => date(&text).ok_or(Value::String(text)),
            (Self::String, Value::String(text)) => Ok(Value::String(text)),
            (Self::Enum(choices), Value::String(text)) if choices.contains(&text) => Ok(Value::String(text)),
            (Self::Boolean, Value::Bool(boolean)) => Ok(Value::Bool(boolean)),
            (Self::Number, value) => int(&value).ok_or(value),
            (Self::Strings, Value::Array(items)) if items.iter().all(Value::is_string) => {
                Ok(Value::Array(items))
            }
            (Self::Numbers, Value::Array(items)) if items.iter().all(Value::is_number) => Ok(items
                .into_iter()
                .map(|item| whole(&item).unwrap_or(item))
                .collect()),
            (Self::Json, value) => Ok(json(value)),
            (_, other) => Err(other),
        }
    }
}

/// Returns a JSON value as PostgreSQL returns it from `jsonb`: the names of an object in the order of their length, and
/// names of the same length in the order of their bytes.
fn json(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| (name, json(value)))
                .collect();
            members.sort_by(|(one, _), (other, _)| (one.len(), one).cmp(&(other.len(), other)));
            Value::Object(members.into_iter().collect())
        }
        Value::Number(_) => whole(&value).unwrap_or(value),
        plain => plain,
    }
}

/// Returns the normalised text of a date that can be written.
fn date(text: &str) -> Option<Value> {
    let date = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    let can_be_written = moment::is_writable(date) && date.nanosecond() < SECOND;
    can_be_written.then(|| date.to_rfc3339_opts(SecondsFormat::Millis, true).into())
}

/// Returns a whole number that fits into a column of type `integer`.
fn int(value: &Value) -> Option<Value> {
    let number = whole(value)?.as_i64()?;
    i32::try_from(number).ok().map(Value::from)
}

/// Returns a whole number. As in JavaScript, `1.0`, `1e0` and `-0` are whole numbers.
fn whole(value: &Value) -> Option<Value> {
    if value.is_i64() || value.is_u64() {
        return Some(value.clone());
    }
    let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
    format!("{number:.0}").parse::<i64>().ok().map(Value::from)
}

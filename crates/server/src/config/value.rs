//! Values of keys, parsed and checked by the kind of their key.

use portcullis_domain::secret::Secret;
use serde_json::{Map, Value as Json};
use toml::de::{DeArray, DeValue};

use super::{
    declare::FOUR_HUNDRED_DAYS,
    json,
    key::{Declaration, Fallback, Kind, Range},
    secret_list, time,
};

/// A valid value of a key.
#[derive(Clone)]
pub(super) enum Value {
    Boolean(bool),
    Number(u64),
    Fraction(f64),
    Text(String),
    Secret(Secret<String>),
    List(Vec<String>),
    Secrets(Vec<Secret<String>>),
    Table(Map<String, Json>),
}

impl Value {
    /// Returns the default of a key, or `None` if the table has none.
    pub(super) fn fallback(key: &Declaration) -> Option<Self> {
        match key.fallback {
            Fallback::Value(text) => Self::from_text(key, text).ok(),
            Fallback::Otherwise(_) => None,
        }
    }

    /// Reads a value of the environment. The error contains what the key requires, and no secret.
    pub(super) fn from_text(key: &Declaration, text: &str) -> Result<Self, String> {
        match &key.kind {
            Kind::Boolean => text
                .parse()
                .map(Self::Boolean)
                .map_err(|_| refuse(key, "`true` or `false`", &quoted(text))),
            Kind::Number(range) => text
                .parse()
                .ok()
                .filter(|number| range.contains(*number))
                .map(Self::Number)
                .ok_or_else(|| refuse(key, &range.words(), &quoted(text))),
            Kind::Fraction => text
                .parse()
                .ok()
                .filter(|number| (0.0..=1.0).contains(number))
                .map(Self::Fraction)
                .ok_or_else(|| refuse(key, &words(&key.kind), &quoted(text))),
            Kind::Time => time::seconds(text)
                .filter(|seconds| (1..=FOUR_HUNDRED_DAYS).contains(seconds))
                .map(Self::Number)
                .ok_or_else(|| refuse(key, &words(&key.kind), &quoted(text))),
            Kind::Text if text.is_empty() => Err(refuse(key, "a text", "empty")),
            Kind::Text => Ok(Self::Text(text.to_owned())),
            Kind::Secret => Ok(Self::Secret(Secret::new(text.to_owned()))),
            Kind::List => Ok(Self::List(entries(text).collect())),
            Kind::Secrets => secret_list::parse(text).map(Self::Secrets).map_err(|form| {
                let key = key.name;
                format!("`{key}` must be secrets separated by semicolons, the current one first (`NEW;OLD`), but {form}")
            }),
            Kind::Table(members) => match serde_json::from_str(text) {
                Ok(Json::Object(table)) => Ok(Self::Table(table)),
                Ok(_) => Err(refuse(key, &object_of(members), "another value")),
                Err(_) => Err(refuse(key, &object_of(members), "not valid JSON")),
            },
            Kind::Choice { built, unbuilt } => choose(key, built, unbuilt, text),
        }
    }

    /// Reads a value of the file, which must be of the key's type. The error contains no secret.
    pub(super) fn from_toml(key: &Declaration, value: &DeValue<'_>) -> Result<Self, String> {
        match (&key.kind, value) {
            (Kind::Boolean, DeValue::Boolean(boolean)) => Ok(Self::Boolean(*boolean)),
            (Kind::Number(range), DeValue::Integer(integer)) => {
                u64::from_str_radix(integer.as_str(), integer.radix())
                    .ok()
                    .filter(|number| range.contains(*number))
                    .map(Self::Number)
                    .ok_or_else(|| refuse(key, &range.words(), integer.as_str()))
            }
            (Kind::Fraction, DeValue::Float(float)) => Self::from_text(key, float.as_str()),
            (Kind::Fraction, DeValue::Integer(integer)) => Self::from_text(key, integer.as_str()),
            (Kind::Time, DeValue::Integer(integer)) => {
                let seconds = u64::from_str_radix(integer.as_str(), integer.radix());
                Self::from_text(
                    key,
                    &seconds.map_or_else(|_| integer.to_string(), |seconds| seconds.to_string()),
                )
            }
            (
                Kind::Time | Kind::Text | Kind::Secret | Kind::List | Kind::Choice { .. },
                DeValue::String(text),
            ) => Self::from_text(key, text),
            (Kind::List, DeValue::Array(entries)) => texts(key, entries).map(Self::List),
            (Kind::Secrets, DeValue::Array(entries)) => {
                let secrets = texts(key, entries)?;
                Ok(Self::Secrets(secrets.into_iter().map(Secret::new).collect()))
            }
            (Kind::Table(_), DeValue::Table(table)) => Ok(Self::Table(json::object(table))),
            (kind, other) => Err(refuse(key, &words(kind), &described(other))),
        }
    }
}

impl Range {
    const fn contains(&self, number: u64) -> bool {
        self.least <= number && number <= self.most && (number - self.least).is_multiple_of(self.step)
    }

    fn words(&self) -> String {
        let Self {
            least, most, unit, ..
        } = self;
        let of = if unit.is_empty() { "" } else { " of " };
        if let Some(numbers) = self.listed() {
            let numbers: Vec<_> = numbers.iter().map(u64::to_string).collect();
            return format!("a whole number{of}{unit}: {}", numbers.join(" or "));
        }
        format!("a whole number{of}{unit} from {least} to {most}")
    }
}

/// Returns the entries of a list in the environment.
fn entries(text: &str) -> impl Iterator<Item = String> {
    let entries = text.split(',').map(str::trim);
    entries.filter(|entry| !entry.is_empty()).map(str::to_owned)
}

/// Returns the entries of a list in the file.
fn texts(key: &Declaration, entries: &DeArray<'_>) -> Result<Vec<String>, String> {
    entries
        .iter()
        .map(|entry| entry.get_ref().as_str().map(str::to_owned))
        .collect::<Option<_>>()
        .ok_or_else(|| refuse(key, &words(&key.kind), "a list that contains other values"))
}

fn choose(key: &Declaration, built: &[&str], unbuilt: &[&str], text: &str) -> Result<Value, String> {
    if built.contains(&text) {
        return Ok(Value::Text(text.to_owned()));
    }
    if unbuilt.contains(&text) {
        let choices = words(&key.kind);
        return Err(format!(
            "`{}`: \"{text}\" is not supported yet; choose {choices}",
            key.name
        ));
    }
    Err(refuse(key, &words(&key.kind), &quoted(text)))
}

fn refuse(key: &Declaration, wanted: &str, given: &str) -> String {
    format!("`{}` must be {wanted}, but is {given}", key.name)
}

fn object_of(members: &str) -> String {
    format!("a JSON object of {members}")
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Describes the values that a kind allows.
fn words(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::Number(range) => range.words(),
        Kind::Fraction => "a number from 0 to 1".to_owned(),
        Kind::Time => {
            "a whole number of seconds, or a text such as \"15m\", from 1 second to 400 days".to_owned()
        }
        Kind::Text | Kind::Secret => "a text".to_owned(),
        Kind::List | Kind::Secrets => "a list of texts".to_owned(),
        Kind::Table(members) => format!("a table of {members}"),
        Kind::Choice { built, .. } => built
            .iter()
            .map(|choice| quoted(choice))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// Describes the type of a value without the value, which may be a secret.
fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::keys;

    #[test]
    fn every_default_in_the_table_is_valid() {
        for key in keys() {
            if let Fallback::Value(text) = key.fallback {
                assert!(Value::from_text(key, text).is_ok(), "{}", key.name);
            }
        }
    }
}

//! Fields of users and sessions that a deployment declares for itself.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

mod form;

/// What a declared field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    String,
    /// A whole number, as the reference stores it.
    Number,
    /// True or false.
    Boolean,
    /// A moment, on the wire as `2026-01-01T00:00:00.000Z`.
    Date,
    /// Several texts.
    Strings,
    /// Several numbers.
    Numbers,
    /// One of these texts.
    Enum(Vec<String>),
}

/// A declared field.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct FieldDefinition {
    /// Its name, on the wire and as a column.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether everybody must have it.
    pub is_required: bool,
    /// What it is where nothing is said.
    pub default: Option<Value>,
    /// Whether clients may set it.
    pub is_input: bool,
    /// Whether clients are shown it.
    pub is_returned: bool,
    /// Whether no two may have the same.
    pub is_unique: bool,
}

/// The declared fields of one kind of thing, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSchema(Arc<[FieldDefinition]>);

/// The values of declared fields, each of the declared kind or `null`.
#[derive(Clone, Default, PartialEq)]
pub struct AdditionalFields(Map<String, Value>);

/// Why declared fields cannot be taken as they were sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// It must be there.
    #[error("{0} is required")]
    Required(String),
    /// It is not for clients to set.
    #[error("{0} is not allowed to be set")]
    NotAllowed(String),
    /// It is of another kind.
    #[error("{name} is not {expected}")]
    WrongKind {
        /// Which field.
        name: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl FieldSchema {
    /// These fields.
    #[must_use]
    pub fn new(fields: Vec<FieldDefinition>) -> Self {
        Self(fields.into())
    }

    /// The fields in their order.
    #[must_use]
    pub fn fields(&self) -> &[FieldDefinition] {
        &self.0
    }

    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values with which something begins of which nothing is said: the defaults, else `null`.
    #[must_use]
    pub fn defaults(&self) -> AdditionalFields {
        let value = |field: &FieldDefinition| field.default.clone().unwrap_or(Value::Null);
        AdditionalFields(
            self.0
                .iter()
                .map(|field| (field.name.clone(), value(field)))
                .collect(),
        )
    }

    /// The values with which something begins that a client asks for. What is not declared is passed over.
    ///
    /// # Errors
    ///
    /// The first field that cannot be taken, as the reference judges; and by its kind, which the reference leaves
    /// to the database.
    pub fn create(&self, sent: &Map<String, Value>) -> Result<AdditionalFields, FieldError> {
        let mut values = self.defaults();
        for field in self.0.iter() {
            let has_default = field.default.is_some();
            match sent.get(&field.name) {
                Some(_) if !field.is_input && has_default => {}
                Some(value) if !field.is_input => field.refuse(value)?,
                Some(value) => values.set(field, value)?,
                None if has_default => {}
                None if field.is_required => return Err(FieldError::Required(field.name.clone())),
                None => {}
            }
        }
        Ok(values)
    }

    /// What a client asks to be changed. What is not declared is passed over.
    ///
    /// # Errors
    ///
    /// As [`FieldSchema::create`], but nothing is missing.
    pub fn update(&self, sent: &Map<String, Value>) -> Result<AdditionalFields, FieldError> {
        let mut values = AdditionalFields::default();
        for field in self.0.iter() {
            match sent.get(&field.name) {
                Some(value) if !field.is_input => field.refuse(value)?,
                Some(value) => values.set(field, value)?,
                None => {}
            }
        }
        Ok(values)
    }

    /// The values that a store has, in the declared order and form.
    #[must_use]
    pub fn from_stored(&self, mut stored: Map<String, Value>) -> AdditionalFields {
        let value = |field: &FieldDefinition| match stored.remove_entry(&field.name) {
            Some((name, value)) => (name, field.kind.form(value).unwrap_or_else(|other| other)),
            None => (field.name.clone(), Value::Null),
        };
        AdditionalFields(self.0.iter().map(value).collect())
    }

    /// What clients are shown of these values, in the declared order.
    pub fn shown<'a>(&'a self, values: &'a AdditionalFields) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let returned = self.0.iter().filter(|field| field.is_returned);
        returned.map(|field| (field.name.as_str(), values.get(&field.name)))
    }
}

impl FieldDefinition {
    /// A value that means something must not be sent; one that means nothing is passed over.
    fn refuse(&self, value: &Value) -> Result<(), FieldError> {
        if is_truthy(value) {
            return Err(FieldError::NotAllowed(self.name.clone()));
        }
        Ok(())
    }
}

impl FieldKind {
    /// The value in its one form; none where it is of another kind.
    #[must_use]
    pub fn read(&self, value: &Value) -> Option<Value> {
        self.form(value.clone()).ok()
    }

    /// What a value must be, as a refusal says it.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "int",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Strings => "string[]",
            Self::Numbers => "number[]",
            Self::Enum(_) => "one of its values",
        }
    }
}

impl AdditionalFields {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values by name.
    #[must_use]
    pub const fn values(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The value of a field, `null` where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    fn set(&mut self, field: &FieldDefinition, value: &Value) -> Result<(), FieldError> {
        let value = match value {
            Value::Null if field.is_required => None,
            Value::Null => Some(Value::Null),
            value => field.kind.read(value),
        };
        let value = value.ok_or_else(|| FieldError::WrongKind {
            name: field.name.clone(),
            expected: field.kind.expected(),
        })?;
        self.0.insert(field.name.clone(), value);
        Ok(())
    }
}

/// Never the values: they would end in a log.
impl fmt::Debug for AdditionalFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdditionalFields(…)")
    }
}

/// Whether JavaScript would take the value for true.
#[must_use]
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(boolean) => *boolean,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests;

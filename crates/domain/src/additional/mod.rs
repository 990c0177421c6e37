//! Additional fields of users and sessions: those of enabled features, then those that the deployment declares.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

mod form;

/// The kind of value that a declared field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    String,
    /// A whole number, as Better Auth stores it.
    Number,
    /// True or false.
    Boolean,
    /// A date with a time, on the wire as `2026-01-01T00:00:00.000Z`.
    Date,
    /// Several texts.
    Strings,
    /// Several numbers.
    Numbers,
    /// One of these texts.
    Enum(Vec<String>),
    /// Any JSON value.
    Json,
}

/// A declared field.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct FieldDefinition {
    /// The field's name on the wire and of its column.
    pub name: String,
    /// The kind of its value.
    pub kind: FieldKind,
    /// Whether every record must have a value.
    pub is_required: bool,
    /// The value if the client sends none.
    pub default: Option<Value>,
    /// Whether clients may set it.
    pub is_input: bool,
    /// Whether responses contain it.
    pub is_returned: bool,
    /// Whether the value must be unique.
    pub is_unique: bool,
}

/// The declared fields of users or of sessions, in declared order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSchema(Arc<[FieldDefinition]>);

/// The values of declared fields, each of the declared kind or `null`.
#[derive(Clone, Default, PartialEq)]
pub struct AdditionalFields(Map<String, Value>);

/// Why a client's values of declared fields are rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The field is required but missing.
    #[error("{0} is required")]
    Required(String),
    /// Clients may not set the field.
    #[error("{0} is not allowed to be set")]
    NotAllowed(String),
    /// The value is of another kind.
    #[error("{name} is not {}", kind.expected())]
    WrongKind {
        /// The field's name.
        name: String,
        /// The expected kind.
        kind: FieldKind,
    },
}

impl FieldError {
    /// Returns the name of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Required(name) | Self::NotAllowed(name) | Self::WrongKind { name, .. } => name,
        }
    }
}

impl FieldSchema {
    /// Returns a schema of these fields.
    #[must_use]
    pub fn new(fields: Vec<FieldDefinition>) -> Self {
        Self(fields.into())
    }

    /// Returns the fields in declared order.
    #[must_use]
    pub fn fields(&self) -> &[FieldDefinition] {
        &self.0
    }

    /// Whether no field is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the same fields for a writer with more rights than clients, who may set the fields that `may_set` accepts.
    #[must_use]
    pub fn writable(&self, may_set: impl Fn(&FieldDefinition) -> bool) -> Self {
        let writable = |field: &FieldDefinition| FieldDefinition {
            is_input: field.is_input || may_set(field),
            ..field.clone()
        };
        Self(self.0.iter().map(writable).collect())
    }

    /// Returns the values of a new record if the client sends none: the default of each field that has one. The store
    /// decides about the others.
    #[must_use]
    pub fn defaults(&self) -> AdditionalFields {
        let value = |field: &FieldDefinition| Some((field.name.clone(), field.default.clone()?));
        AdditionalFields(self.0.iter().filter_map(value).collect())
    }

    /// Returns the values of a new record that a client creates. Fields that are not declared are ignored.
    ///
    /// # Errors
    ///
    /// Every field that Better Auth would reject, or whose value is of the wrong kind, which Better Auth leaves to the
    /// database; in declared order.
    pub fn create(&self, sent: &Map<String, Value>) -> Result<AdditionalFields, Vec<FieldError>> {
        self.apply(self.defaults(), |field, values| {
            let has_default = field.default.is_some();
            match sent.get(&field.name) {
                Some(_) if !field.is_input && has_default => Ok(()),
                Some(value) if !field.is_input => field.refuse(value),
                Some(value) => values.set_sent(field, value),
                None if field.is_required && !has_default => Err(FieldError::Required(field.name.clone())),
                None => Ok(()),
            }
        })
    }

    /// Returns the values that a client changes. Fields that are not declared are ignored.
    ///
    /// # Errors
    ///
    /// As [`FieldSchema::create`], except that no field is required.
    pub fn update(&self, sent: &Map<String, Value>) -> Result<AdditionalFields, Vec<FieldError>> {
        self.apply(AdditionalFields::default(), |field, values| {
            match sent.get(&field.name) {
                Some(value) if !field.is_input => field.refuse(value),
                Some(value) => values.set_sent(field, value),
                None => Ok(()),
            }
        })
    }

    /// Applies a change of each field to the values, and collects the errors.
    fn apply(
        &self,
        mut values: AdditionalFields,
        change: impl Fn(&FieldDefinition, &mut AdditionalFields) -> Result<(), FieldError>,
    ) -> Result<AdditionalFields, Vec<FieldError>> {
        let fields = self.0.iter();
        let errors: Vec<_> = fields
            .filter_map(|field| change(field, &mut values).err())
            .collect();
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(errors)
        }
    }

    /// Returns stored values in the declared order and normalised form.
    #[must_use]
    pub fn from_stored(&self, mut stored: Map<String, Value>) -> AdditionalFields {
        let value = |field: &FieldDefinition| match stored.remove_entry(&field.name) {
            Some((name, value)) => (name, field.kind.form(value).unwrap_or_else(|other| other)),
            None => (field.name.clone(), Value::Null),
        };
        AdditionalFields(self.0.iter().map(value).collect())
    }

    /// Returns the values that responses contain, in declared order.
    pub fn shown<'a>(&'a self, values: &'a AdditionalFields) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let returned = self.0.iter().filter(|field| field.is_returned);
        returned.map(|field| (field.name.as_str(), values.get(&field.name)))
    }
}

impl FieldDefinition {
    /// Rejects a truthy value and ignores a falsy one.
    fn refuse(&self, value: &Value) -> Result<(), FieldError> {
        if is_truthy(value) {
            return Err(FieldError::NotAllowed(self.name.clone()));
        }
        Ok(())
    }
}

impl FieldKind {
    /// Returns the value in its normalised form, or `None` if it is of another kind.
    #[must_use]
    pub fn read(&self, value: &Value) -> Option<Value> {
        match (self, value) {
            // As in Better Auth, a text is the source text of a JSON value.
            (Self::Json, Value::String(text)) => self.form(serde_json::from_str(text).ok()?).ok(),
            (_, value) => self.form(value.clone()).ok(),
        }
    }

    /// Returns the name of the kind for error messages.
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
            Self::Json => "json",
        }
    }
}

impl AdditionalFields {
    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the values by field name.
    #[must_use]
    pub const fn values(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Returns the value of a field, or `null` if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// Sets the value of a field. The caller guarantees that it is of the declared kind, in its normalised form.
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Removes the value of a field, and returns it; `null` if there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Value {
        self.0.shift_remove(name).unwrap_or_default()
    }

    /// Returns these values, with those of `other` in addition or instead.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        let values = other.0.iter().map(|(name, value)| (name.clone(), value.clone()));
        self.0.extend(values);
        self
    }

    fn set_sent(&mut self, field: &FieldDefinition, value: &Value) -> Result<(), FieldError> {
        let value = match value {
            Value::Null => Some(Value::Null),
            value => field.kind.read(value),
        };
        let value = value.filter(|value| !value.is_null() || !field.is_required);
        let value = value.ok_or_else(|| FieldError::WrongKind {
            name: field.name.clone(),
            kind: field.kind.clone(),
        })?;
        self.set(&field.name, value);
        Ok(())
    }
}

/// Hides the values, which would end in a log.
impl fmt::Debug for AdditionalFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdditionalFields(…)")
    }
}

/// Whether the value is truthy in JavaScript.
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

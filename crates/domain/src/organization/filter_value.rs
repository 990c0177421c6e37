//! The values that fields of members are compared with.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::MemberField;
use crate::{
    additional::{FieldKind, FieldSchema},
    moment,
};

/// The value that a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterValue {
    /// For fields that are texts.
    Text(String),
    /// For [`MemberField::CreatedAt`].
    Time(DateTime<Utc>),
    /// For an additional field: a value of its kind, in its normalised form.
    Additional(Value),
}

impl MemberField {
    /// Reads a value of the field from a text. `None`: the field has no such value.
    pub(super) fn read(&self, text: &str, fields: &FieldSchema) -> Option<FilterValue> {
        match self {
            Self::Id | Self::OrganizationId | Self::UserId | Self::Role => {
                Some(FilterValue::Text(text.to_owned()))
            }
            Self::CreatedAt => moment::read(text).map(FilterValue::Time),
            Self::Additional(name) => {
                let field = fields.fields().iter().find(|field| field.name == *name)?;
                let value = match field.kind {
                    FieldKind::String | FieldKind::Enum(_) => Some(Value::from(text)),
                    FieldKind::Number => text.parse::<i32>().ok().map(Value::from),
                    FieldKind::Boolean => text.parse::<bool>().ok().map(Value::from),
                    FieldKind::Date => field.kind.read(&Value::from(text)),
                    FieldKind::Strings | FieldKind::Numbers | FieldKind::Json => None,
                };
                value.map(FilterValue::Additional)
            }
        }
    }
}

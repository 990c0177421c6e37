//! The filter of a list of members.

use super::{FilterValue, MemberField, UnknownField};
use crate::additional::FieldSchema;

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    #[default]
    Equal,
    /// Not equal.
    NotEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// The text contains the value. No character of the value is a wildcard.
    Contains,
}

/// The members that a list contains.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberFilter {
    /// The field.
    pub field: MemberField,
    /// How it is compared.
    pub comparison: Comparison,
    /// The value that it is compared with.
    pub value: FilterValue,
}

impl MemberFilter {
    /// Returns the filter that a client names by texts.
    ///
    /// # Errors
    ///
    /// If members have no such field, or if it cannot be compared with the value in this way.
    pub fn parse(
        name: &str,
        comparison: Comparison,
        value: Option<&str>,
        fields: &FieldSchema,
    ) -> Result<Self, UnknownField> {
        let field = MemberField::parse(name, fields)?;
        let value = value.and_then(|value| field.read(value, fields));
        let is_text = |value: &FilterValue| match value {
            FilterValue::Text(_) => true,
            FilterValue::Time(_) => false,
            FilterValue::Additional(value) => value.is_string(),
        };
        let value = value.filter(|value| comparison != Comparison::Contains || is_text(value));
        let value = value.ok_or_else(|| UnknownField(name.to_owned()))?;
        Ok(Self {
            field,
            comparison,
            value,
        })
    }
}

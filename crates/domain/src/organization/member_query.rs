//! What a list of members contains.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::MemberWithUser;
use crate::{
    additional::{FieldKind, FieldSchema},
    listing::SortDirection,
    moment,
};

/// A field of members that a list is sorted or filtered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberField {
    /// The member's id.
    Id,
    /// The organization, which all members of a list share.
    OrganizationId,
    /// The user.
    UserId,
    /// The roles, as one text.
    Role,
    /// When the user joined.
    CreatedAt,
    /// A field that the deployment adds.
    Additional(String),
}

/// Members have no field of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("members have no field {0:?}")]
pub struct UnknownField(pub String);

impl MemberField {
    /// Returns the field of this name on the wire.
    ///
    /// # Errors
    ///
    /// If members have no such field.
    pub fn parse(name: &str, fields: &FieldSchema) -> Result<Self, UnknownField> {
        Ok(match name {
            "id" => Self::Id,
            "organizationId" => Self::OrganizationId,
            "userId" => Self::UserId,
            "role" => Self::Role,
            "createdAt" => Self::CreatedAt,
            name if fields.fields().iter().any(|field| field.name == name) => {
                Self::Additional(name.to_owned())
            }
            name => return Err(UnknownField(name.to_owned())),
        })
    }
}

/// How a list is sorted. Members with equal values are in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSort {
    /// The field.
    pub field: MemberField,
    /// The direction.
    pub direction: SortDirection,
}

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

impl MemberField {
    /// Reads a value of the field from a text. `None`: the field has no such value.
    fn read(&self, text: &str, fields: &FieldSchema) -> Option<FilterValue> {
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

/// What a list of members contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberQuery {
    /// The maximum number of members. `None`: all.
    pub limit: Option<NonZeroU32>,
    /// How many members are left out at the beginning.
    pub offset: u32,
    /// How it is sorted. `None`: the oldest membership first.
    pub sort: Option<MemberSort>,
    /// Which members it contains. `None`: all.
    pub filter: Option<MemberFilter>,
}

/// A part of a list of members.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberPage {
    /// The members.
    pub members: Vec<MemberWithUser>,
    /// The number of members in the whole list.
    pub total: u64,
}

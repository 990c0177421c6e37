//! The fields of members.

use crate::additional::FieldSchema;

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

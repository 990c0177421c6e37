//! The role that a request names: by its name or by its id.

use portcullis_application::organization::roles::RoleKey;
use portcullis_domain::organization::OrganizationRoleId;
use serde_json::Value;

use crate::extract::body::{Field, FilledText, Member as _, Members, Place, Reader, Shape};

/// A role, named by its name or by its id.
pub(in crate::organization) enum KeyOfRole {
    Name(String),
    Id(String),
}

/// The members, of which one is required.
pub(super) const NAME: Field = optional("roleName");
pub(super) const ID: Field = optional("roleId");

const fn optional(name: &'static str) -> Field {
    Field {
        name,
        shape: Shape::FilledText,
        is_required: false,
    }
}

impl KeyOfRole {
    /// Reads the two members. The name takes precedence.
    pub(super) fn read(members: &mut impl Members, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let [name, id] = ["roleName", "roleId"].map(|member| members.take(member));
        match (&name, &id) {
            (Some(Value::String(text)), _) if !text.is_empty() => {
                FilledText::read(name, at.member("roleName"), reader).map(Self::Name)
            }
            (_, Some(Value::String(text))) if !text.is_empty() => {
                FilledText::read(id, at.member("roleId"), reader).map(Self::Id)
            }
            // wire: zod reports the issue of the only alternative whose types fit.
            (Some(Value::String(_)), other) if !other.as_ref().is_some_and(Value::is_string) => {
                FilledText::read(name, at.member("roleName"), reader).map(Self::Name)
            }
            (other, Some(Value::String(_))) if !other.as_ref().is_some_and(Value::is_string) => {
                FilledText::read(id, at.member("roleId"), reader).map(Self::Id)
            }
            _ => {
                reader.issues.add(at, "Invalid input");
                None
            }
        }
    }
}

impl From<KeyOfRole> for RoleKey {
    fn from(key: KeyOfRole) -> Self {
        match key {
            KeyOfRole::Name(name) => Self::Name(name),
            KeyOfRole::Id(id) => Self::Id(OrganizationRoleId::new(id)),
        }
    }
}

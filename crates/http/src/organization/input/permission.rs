//! The permissions that a caller asks about.

use portcullis_domain::access::Statements;

use crate::{
    extract::body::{ALTERNATIVES, Field, Member as _, Members, Object, Place, Reader, Schema, Text},
    options::Limits,
};

/// Permissions in an organization.
pub(in crate::organization) struct HasPermission {
    pub(in crate::organization) organization: Option<String>,
    pub(in crate::organization) permissions: Statements,
}

/// The older name of the member, and its current name.
const NAMES: [&str; 2] = ["permission", "permissions"];

impl Object for HasPermission {
    const SCHEMA: &'static Schema = &Schema {
        fields: &[
            Field::of::<Option<Text>>("organizationId"),
            Field::of::<Option<Statements>>(NAMES[0]),
            Field::of::<Option<Statements>>(NAMES[1]),
        ],
        known_as: &["object", ALTERNATIVES],
    };

    fn from_members(mut members: impl Members, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let organization = members.take("organizationId");
        let organization = Option::<Text>::read(organization, at.member("organizationId"), reader);
        let permissions = match NAMES.map(|name| members.take(name)) {
            [Some(value), None] | [None, Some(value)] => read(value, reader.limits),
            _ => None,
        };
        // wire: exactly one of both may be sent, and zod has no better issue if neither alternative fits.
        if permissions.is_none() {
            reader.issues.add(at, "Invalid input");
        }
        Some(Self {
            organization: organization?,
            permissions: permissions?,
        })
    }
}

fn read(value: serde_json::Value, limits: &Limits) -> Option<Statements> {
    let mut unreported = Reader::new(limits);
    Statements::read(Some(value), Place::Whole("body"), &mut unreported)
}

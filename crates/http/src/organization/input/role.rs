//! Input about the roles of an organization.

use portcullis_domain::access::Statements;

use super::key_of_role::{ID, KeyOfRole, NAME};
use crate::extract::body::{
    ALTERNATIVES, AnyObject, Field, Member as _, Members, Object, Place, Reader, Schema, Text, body,
};

body! {
    CreateRole {
        organization: Option<Text> = "organizationId",
        name: Text = "role",
        permission: Statements = "permission",
        additional: Option<AnyObject> = "additionalFields",
    }
}

body! {
    ListRoles {
        organization: Option<Text> = "organizationId",
    }
}

body! {
    RoleChanges {
        permission: Option<Statements> = "permission",
        name: Option<Text> = "roleName",
        ..undeclared
    }
}

/// A role of an organization.
pub(in crate::organization) struct OneRole {
    pub(in crate::organization) organization: Option<String>,
    pub(in crate::organization) role: KeyOfRole,
}

/// A role of an organization, and what to change of it.
pub(in crate::organization) struct UpdateRole {
    pub(in crate::organization) organization: Option<String>,
    pub(in crate::organization) data: RoleChanges,
    pub(in crate::organization) role: KeyOfRole,
}

const ORGANIZATION: Field = Field::of::<Option<Text>>("organizationId");

impl Object for OneRole {
    const SCHEMA: &'static Schema = &Schema {
        fields: &[ORGANIZATION, NAME, ID],
        known_as: &["object", ALTERNATIVES],
    };

    fn from_members(mut members: impl Members, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let organization = members.take("organizationId");
        let organization = Option::<Text>::read(organization, at.member("organizationId"), reader);
        let role = KeyOfRole::read(&mut members, at, reader);
        Some(Self {
            organization: organization?,
            role: role?,
        })
    }
}

impl Object for UpdateRole {
    const SCHEMA: &'static Schema = &Schema {
        fields: &[ORGANIZATION, Field::of::<RoleChanges>("data"), NAME, ID],
        known_as: &["object", ALTERNATIVES],
    };

    fn from_members(mut members: impl Members, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let organization = members.take("organizationId");
        let organization = Option::<Text>::read(organization, at.member("organizationId"), reader);
        let data = RoleChanges::read(members.take("data"), at.member("data"), reader);
        let role = KeyOfRole::read(&mut members, at, reader);
        Some(Self {
            organization: organization?,
            data: data?,
            role: role?,
        })
    }
}

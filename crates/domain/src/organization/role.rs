//! Roles that organizations create.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::OrganizationId;
use crate::{access::Statements, additional::AdditionalFields, id::Id};

/// The id of an [`OrganizationRole`].
pub type OrganizationRoleId = Id<OrganizationRole>;

/// A role that an organization created.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationRole {
    /// The role's id, which never changes.
    pub id: OrganizationRoleId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The name, in lower case if this server or Better Auth wrote it.
    pub role: String,
    /// What the role may do, as a JSON text: an object of lists.
    pub permission: String,
    /// When the role was created.
    pub created_at: DateTime<Utc>,
    /// When the role was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The values of the fields that the deployment adds.
    pub additional: AdditionalFields,
}

/// Returns whether a role may have this name: lists of roles separate names by commas, and some programs remove the spaces
/// around them.
#[must_use]
pub fn is_role_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(',') && name.trim() == name
}

/// Changes of a role; `None` leaves a field unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationRolePatch {
    /// The new name.
    pub role: Option<String>,
    /// The new JSON text of what the role may do.
    pub permission: Option<String>,
    /// New values of additional fields; fields that are not in it are unchanged.
    pub additional: AdditionalFields,
}

impl OrganizationRole {
    /// The names of a role's members without additional fields, as they stand in JSON and as columns, in the order of
    /// Better Auth's JSON. Additional fields stand before the last one.
    pub const MEMBERS: [&str; 6] = [
        "organizationId",
        "role",
        "permission",
        "createdAt",
        "updatedAt",
        "id",
    ];

    /// Returns what the role may do. `None`: the stored text has another form.
    #[must_use]
    pub fn statements(&self) -> Option<Statements> {
        parse_permission(&self.permission)
    }
}

/// Reads the JSON text of what a role may do. `None`: the text has another form.
#[must_use]
pub fn parse_permission(text: &str) -> Option<Statements> {
    let permission: Map<String, Value> = serde_json::from_str(text).ok()?;
    let entry = |(resource, actions): (String, Value)| {
        let actions = actions.as_array()?.iter();
        let actions = actions.map(|action| action.as_str().map(str::to_owned));
        Some((resource, actions.collect::<Option<_>>()?))
    };
    let entries = permission.into_iter().map(entry).collect::<Option<Vec<_>>>()?;
    Some(Statements::new(entries))
}

/// Returns the JSON text of what a role may do.
#[must_use]
pub fn write_permission(statements: &Statements) -> String {
    let entry = |(resource, actions): (&str, &[String])| (resource.to_owned(), Value::from(actions.to_vec()));
    Value::Object(statements.iter().map(entry).collect()).to_string()
}

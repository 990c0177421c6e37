//! The JSON of a role that an organization created.

use portcullis_domain::{access::Statements, organization::OrganizationRole};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Presenter;
use crate::view::{Shown, date::Date};

/// The JSON of a role.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(
    rename = "OrganizationRole",
    description = "A role that an organization created"
)]
pub(in crate::organization) struct RoleView<'a> {
    organization_id: &'a str,
    role: &'a str,
    permission: Value,
    created_at: Date,
    updated_at: Option<Date>,
    #[serde(flatten)]
    additional: Shown<'a>,
    id: &'a str,
}

impl<'a> Presenter<'a> {
    /// Returns the JSON of a role.
    pub(in crate::organization) fn role(self, role: &'a OrganizationRole) -> RoleView<'a> {
        RoleView {
            organization_id: role.organization_id.as_str(),
            role: &role.role,
            permission: serde_json::from_str(&role.permission).unwrap_or_default(),
            created_at: role.created_at.into(),
            updated_at: role.updated_at.map(Date::from),
            additional: Shown::new(&self.fields.role, &role.additional),
            id: role.id.as_str(),
        }
    }
}

/// Returns the JSON of resources with their actions.
pub(in crate::organization) fn statements(statements: &Statements) -> Value {
    let entry = |(resource, actions): (&str, &[String])| (resource.to_owned(), Value::from(actions.to_vec()));
    Value::Object(statements.iter().map(entry).collect())
}

//! Plans of the statements, and databases that are adopted.

use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    organization::session_fields,
};

use crate::DeclaredFields;

mod adopted;
mod plans;

/// The tables of organizations with teams and roles.
fn fields() -> DeclaredFields {
    let team_id = FieldDefinition {
        name: "teamId".to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None,
        is_input: false,
        is_returned: false,
        is_unique: false,
    };
    let without = ["organization", "member", "team", "teamMember", "organizationRole"];
    let mut fields = DeclaredFields {
        session: FieldSchema::new(session_fields(true)),
        tables: without.map(|table| (table, FieldSchema::default())).into(),
        ..DeclaredFields::default()
    };
    fields
        .tables
        .insert("invitation", FieldSchema::new(vec![team_id]));
    fields
}

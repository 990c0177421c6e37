//! Organizations, with their members, invitations, teams and roles.

mod access;
mod fields;
mod keys;

use portcullis_domain::additional::FieldSchema;

use self::keys::ENABLED;
pub(super) use self::{
    fields::{of_sessions, tables},
    keys::KEYS,
};
use super::{settings::Settings, tables::Schema};

const SECTION: &str = "plugins.organization";

pub(super) const SCHEMA: Schema = Schema::new(
    "plugins.organization.schema",
    &[
        "organization",
        "member",
        "invitation",
        "team",
        "teamMember",
        "organizationRole",
    ],
    Vec::new,
)
.with_session_fields(fields::every_session_field)
.with_additional_fields();

fn is_on(settings: &Settings) -> bool {
    settings
        .get(&ENABLED)
        .unwrap_or_else(|| settings.has_section(SECTION))
}

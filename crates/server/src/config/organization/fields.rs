//! The fields that the plugin adds to sessions, and those that the deployment adds to the plugin's tables.

use std::collections::BTreeMap;

use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    organization::{
        Invitation, Member, Organization, OrganizationFields, OrganizationRole, Team, TeamMember,
        session_fields,
    },
};

use super::{
    SCHEMA, is_on,
    keys::{DYNAMIC_ENABLED, ENABLED, TEAMS_ENABLED},
};
use crate::config::{
    fields::{self, Declared},
    settings::Settings,
};

/// The field of the teams of an invitation.
const TEAM_ID: &str = "teamId";

/// The plugin's tables with their built-in fields.
const TABLES: [(&str, &[&str]); 6] = [
    ("organization", &Organization::MEMBERS),
    ("member", &Member::MEMBERS),
    ("invitation", &Invitation::MEMBERS),
    ("team", &Team::MEMBERS),
    ("teamMember", &TeamMember::MEMBERS),
    ("organizationRole", &OrganizationRole::MEMBERS),
];

/// The members of requests and responses about a table that are no fields of it.
const OTHER_MEMBERS: [(&str, &[&str]); 5] = [
    (
        "organization",
        &[
            "members",
            "invitations",
            "teams",
            "userId",
            "organizationId",
            "keepCurrentActiveOrganization",
        ],
    ),
    ("member", &["user", TEAM_ID]),
    (
        "invitation",
        &["organizationName", "organizationSlug", "inviterEmail", "resend"],
    ),
    ("team", &[TEAM_ID]),
    ("organizationRole", &["roleName", "roleId", TEAM_ID]),
];

/// Returns the fields that the plugin adds to sessions, if it is enabled.
pub(in crate::config) fn of_sessions(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        session_fields(settings.get(&TEAMS_ENABLED))
    } else {
        Vec::new()
    }
}

/// Returns every field that the plugin may add to sessions.
pub(super) fn every_session_field() -> Vec<FieldDefinition> {
    session_fields(true)
}

/// Returns the tables that the plugin uses, with the fields that the deployment adds to them.
pub(in crate::config) fn tables(settings: &mut Settings) -> Vec<(&'static str, FieldSchema)> {
    let (is_on, has_teams) = (is_on(settings), settings.get(&TEAMS_ENABLED));
    let has_roles = settings.get(&DYNAMIC_ENABLED);
    let is_used = |table: &str| match table {
        "team" | "teamMember" => is_on && has_teams,
        "organizationRole" => is_on && has_roles,
        _ => is_on,
    };
    if !is_on {
        warn_of_unused_fields(settings);
    }
    let mut tables = Vec::new();
    for (table, built_in) in TABLES {
        let declared = declared(settings, table, built_in);
        // Better Auth's table of invitations has this column only if teams are enabled.
        let optional = (table == "invitation" && has_teams).then(teams_of_invitation);
        let fields = optional.into_iter().chain(declared.fields().iter().cloned());
        if is_used(table) {
            tables.push((table, FieldSchema::new(fields.collect())));
        }
    }
    tables
}

/// Warns about additional fields of tables if only `schema` is set: it does not enable the plugin, so the fields have
/// no effect.
fn warn_of_unused_fields(settings: &mut Settings) {
    let has_fields = TABLES
        .iter()
        .any(|(table, _)| SCHEMA.additional_fields(settings, table).is_some());
    if has_fields && !settings.is_given(&ENABLED) {
        let key = &SCHEMA.key;
        let text =
            format!("`{key}` does not enable the plugin, so its tables are not used: set `{ENABLED} = true`");
        settings.warn(key, text);
    }
}

/// The teams of an invitation. It is not among the fields that the deployment adds.
fn teams_of_invitation() -> FieldDefinition {
    FieldDefinition {
        name: TEAM_ID.to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: None,
        is_input: false,
        is_returned: false,
        is_unique: false,
    }
}

/// Returns the fields that the deployment adds to the plugin's tables, by table.
pub(super) fn of_tables(tables: &BTreeMap<&'static str, FieldSchema>) -> OrganizationFields {
    let of = |table: &'static str| {
        let fields = tables.get(table).into_iter().flat_map(FieldSchema::fields);
        let is_declared = |field: &&FieldDefinition| table != "invitation" || field.name != TEAM_ID;
        FieldSchema::new(fields.filter(is_declared).cloned().collect())
    };
    OrganizationFields {
        organization: of("organization"),
        member: of("member"),
        invitation: of("invitation"),
        team: of("team"),
        role: of("organizationRole"),
    }
}

fn declared(settings: &mut Settings, table: &str, built_in: &[&str]) -> FieldSchema {
    let key = &SCHEMA.key;
    let Some((section, declarations)) = SCHEMA.additional_fields(settings, table) else {
        return FieldSchema::default();
    };
    let section = format!("{key}.{section}");
    if table == TABLES[4].0 {
        let text = format!("`{section}`: members of teams have no additional fields, as in Better Auth");
        settings.refuse(key, text);
        return FieldSchema::default();
    }
    let declared = Declared {
        key,
        section: &section,
        declarations: &declarations,
    };
    let others = OTHER_MEMBERS.iter().find(|(of, _)| *of == table);
    let others = others.map_or(&[][..], |(_, members)| *members);
    let fields = fields::of_table(settings, &declared, &[built_in, others].concat());
    refuse_unset(settings, &section, table, &fields);
    fields
}

/// Refuses required fields without a default if some rows get no value from a client. The server itself creates such
/// rows: members who accept an invitation, and default teams.
fn refuse_unset(settings: &mut Settings, section: &str, table: &str, fields: &FieldSchema) {
    let is_created_here = matches!(table, "member" | "team");
    for field in fields.fields() {
        let is_unset = field.is_required && field.default.is_none() && (is_created_here || !field.is_input);
        if is_unset {
            let name = &field.name;
            let text = format!(
                "`{section}.{name}` is required, but no client sets it for every row: give it a default, or set `required = false`"
            );
            settings.refuse(&SCHEMA.key, text);
        }
    }
}

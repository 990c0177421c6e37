//! Organizations, with their members, invitations, teams and roles.

mod access;
mod fields;
mod keys;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use portcullis_application::organization::{DynamicRoleOptions, OrganizationOptions, TeamOptions};
use portcullis_domain::additional::FieldSchema;
use url::Url;

use self::keys::{
    ALLOW_CREATION, ALLOW_REMOVING_ALL_TEAMS, CANCEL_PENDING, DEFAULT_TEAM, DISABLE_DELETION,
    DYNAMIC_ENABLED, ENABLED, INVITATION_LIFETIME, INVITATION_LIMIT, INVITATION_URL, MAXIMUM_ROLES,
    MAXIMUM_TEAM_MEMBERS, MAXIMUM_TEAMS, MEMBERSHIP_LIMIT, ORGANIZATION_LIMIT, REQUIRE_VERIFICATION,
    TEAMS_ENABLED,
};
pub(super) use self::{
    fields::{of_sessions, tables},
    keys::KEYS,
};
use super::{mode::Mode, settings::Settings, tables::Schema};

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
    settings.enables(&ENABLED, SECTION)
}

/// Returns the options of organizations, or `None` if they are disabled. `tables` are the optional tables that are used,
/// and `base_url` is that of the server.
pub(super) fn read(
    settings: &mut Settings,
    tables: &BTreeMap<&'static str, FieldSchema>,
    (mode, base_url): (Mode, &Url),
) -> Option<OrganizationOptions> {
    let dynamic_roles = DynamicRoleOptions {
        maximum: settings.get(&MAXIMUM_ROLES),
    };
    let options = OrganizationOptions {
        allows_creation: settings.get(&ALLOW_CREATION),
        allows_deletion: !settings.get(&DISABLE_DELETION),
        organization_limit: settings.get(&ORGANIZATION_LIMIT),
        membership_limit: settings.get(&MEMBERSHIP_LIMIT),
        access: access::read(settings),
        teams: Some(teams(settings)).filter(|_| settings.get(&TEAMS_ENABLED)),
        dynamic_roles: Some(dynamic_roles).filter(|_| settings.get(&DYNAMIC_ENABLED)),
        invitation_lifetime: settings.get(&INVITATION_LIFETIME),
        invitation_limit: settings.get(&INVITATION_LIMIT),
        cancels_open_invitations: settings.get(&CANCEL_PENDING),
        requires_verified_email: settings
            .get(&REQUIRE_VERIFICATION)
            .unwrap_or(mode == Mode::Production),
        invitation_url: invitation_url(settings, base_url),
        fields: fields::of_tables(tables),
    };
    is_on(settings).then_some(options)
}

fn teams(settings: &Settings) -> TeamOptions {
    TeamOptions {
        has_default_team: settings.get(&DEFAULT_TEAM),
        maximum_teams: settings.get(&MAXIMUM_TEAMS),
        maximum_members: settings.get(&MAXIMUM_TEAM_MEMBERS),
        allows_removing_all: settings.get(&ALLOW_REMOVING_ALL_TEAMS),
    }
}

/// Returns the page that the link of an invitation opens. A path is one of the server's origin.
fn invitation_url(settings: &mut Settings, base_url: &Url) -> Option<Url> {
    let text = settings.get(&INVITATION_URL)?;
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let url = if is_path {
        base_url.join(&text)
    } else {
        Url::parse(&text)
    };
    let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        let reason =
            format!("`{INVITATION_URL}` must be an http or https URL, or a path such as /accept-invitation");
        settings.refuse(&INVITATION_URL, reason);
    }
    url
}

//! The keys of organizations.

use chrono::TimeDelta;
use serde_json::{Map, Value};

use crate::config::{
    declare::{boolean, lifetime, number, table, text},
    key::{Declaration, Key, Range},
};

const MOST: u64 = 1_000_000;
const NONE: &str = "no limit";

pub(super) const ENABLED: Key<Option<bool>> = boolean(
    "plugins.organization.enabled",
    "Let users create organizations, invite others, and work in them; see [organizations](organization.md).",
)
.otherwise(
    "`true` if there is a section `[plugins.organization]`, even an empty one, but not if it only contains `schema`",
);
pub(super) const ALLOW_CREATION: Key<bool> = boolean(
    "plugins.organization.allow_user_to_create_organization",
    "Let users create organizations. If `false`, only services create them.",
)
.or("true");
pub(super) const ORGANIZATION_LIMIT: Key<Option<u32>> = number(
    "plugins.organization.organization_limit",
    Range::new(0, MOST, "organizations"),
    "A user who is a member of this many organizations cannot create another one.",
)
.otherwise(NONE);
pub(super) const CREATOR_ROLE: Key<String> = text(
    "plugins.organization.creator_role",
    "Role of an organization's creator. Only members with this role can give it to others, and each organization keeps at least one such member.",
)
.or("owner");
pub(super) const MEMBERSHIP_LIMIT: Key<u32> = number(
    "plugins.organization.membership_limit",
    Range::new(1, MOST, "members"),
    "Maximum number of members of an organization.",
)
.or("100");
pub(super) const AC: Key<Option<Map<String, Value>>> = table(
    "plugins.organization.ac",
    "lists of actions by resource",
    "Resources with their actions that roles may contain, as in `{ project = [\"create\", \"share\"] }`. Needed for roles that organizations create.",
)
.otherwise("the roles may contain anything, and organizations create no roles");
pub(super) const ROLES: Key<Option<Map<String, Value>>> = table(
    "plugins.organization.roles",
    "permissions by role",
    "Roles of members, each with its permissions, as in `{ owner = { project = [\"create\"] } }`. They replace Better Auth's roles `owner`, `admin` and `member`; see [roles](organization.md#roles).",
)
.otherwise("`owner`, `admin` and `member`");
pub(super) const DYNAMIC_ENABLED: Key<bool> = boolean(
    "plugins.organization.dynamic_access_control.enabled",
    "Let organizations create roles of their own.",
)
.or("false");
pub(super) const MAXIMUM_ROLES: Key<Option<u32>> = number(
    "plugins.organization.dynamic_access_control.maximum_roles_per_organization",
    Range::new(0, MOST, "roles"),
    "Maximum number of roles that an organization creates.",
)
.otherwise(NONE);
pub(super) const TEAMS_ENABLED: Key<bool> = boolean(
    "plugins.organization.teams.enabled",
    "Let organizations have teams.",
)
.or("false");
pub(super) const DEFAULT_TEAM: Key<bool> = boolean(
    "plugins.organization.teams.default_team.enabled",
    "Create a team with the organization's name for each new organization, with its creator as its member.",
)
.or("true");
pub(super) const MAXIMUM_TEAMS: Key<Option<u32>> = number(
    "plugins.organization.teams.maximum_teams",
    Range::new(1, MOST, "teams"),
    "Maximum number of teams of an organization.",
)
.otherwise(NONE);
pub(super) const MAXIMUM_TEAM_MEMBERS: Key<Option<u32>> = number(
    "plugins.organization.teams.maximum_members_per_team",
    Range::new(1, MOST, "members"),
    "Maximum number of members of a team.",
)
.otherwise(NONE);
pub(super) const ALLOW_REMOVING_ALL_TEAMS: Key<bool> = boolean(
    "plugins.organization.teams.allow_removing_all_teams",
    "Let members remove the last team of an organization.",
)
.or("false");
pub(super) const INVITATION_LIFETIME: Key<TimeDelta> = lifetime(
    "plugins.organization.invitation_expires_in",
    "Lifetime of an invitation.",
)
.or("172800");
pub(super) const INVITATION_LIMIT: Key<u32> = number(
    "plugins.organization.invitation_limit",
    Range::new(0, MOST, "invitations"),
    "Maximum number of invitations of an organization that are neither answered nor expired.",
)
.or("100");
pub(super) const INVITATION_URL: Key<Option<String>> = text(
    "plugins.organization.invitation_url",
    "Page of the front end to which the link in an invitation leads: a URL, or a path of this server. It gets the invitation's id as the parameter `invitationId`.",
)
.otherwise("`/accept-invitation` of this server's origin");
pub(super) const CANCEL_PENDING: Key<bool> = boolean(
    "plugins.organization.cancel_pending_invitations_on_re_invite",
    "Cancel the open invitation of an address that is invited again. If `false`, the new invitation is rejected, unless it renews the open one with `resend`.",
)
.or("false");
pub(super) const REQUIRE_VERIFICATION: Key<Option<bool>> = boolean(
    "plugins.organization.require_email_verification_on_invitation",
    "Let only users with a verified e-mail address accept or reject invitations. `false` lets a user who signs up with the address of another person accept that person's invitations.",
)
.otherwise("`true` in production, and `false` in development, as in Better Auth");
pub(super) const DISABLE_DELETION: Key<bool> = boolean(
    "plugins.organization.disable_organization_deletion",
    "Reject the deletion of organizations by their members.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &ALLOW_CREATION.declaration,
    &ORGANIZATION_LIMIT.declaration,
    &CREATOR_ROLE.declaration,
    &MEMBERSHIP_LIMIT.declaration,
    &AC.declaration,
    &ROLES.declaration,
    &DYNAMIC_ENABLED.declaration,
    &MAXIMUM_ROLES.declaration,
    &TEAMS_ENABLED.declaration,
    &DEFAULT_TEAM.declaration,
    &MAXIMUM_TEAMS.declaration,
    &MAXIMUM_TEAM_MEMBERS.declaration,
    &ALLOW_REMOVING_ALL_TEAMS.declaration,
    &INVITATION_LIFETIME.declaration,
    &INVITATION_LIMIT.declaration,
    &INVITATION_URL.declaration,
    &CANCEL_PENDING.declaration,
    &REQUIRE_VERIFICATION.declaration,
    &DISABLE_DELETION.declaration,
    &super::SCHEMA.key.declaration,
];

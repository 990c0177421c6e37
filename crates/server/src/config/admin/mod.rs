//! Administration of users.

mod names;
mod roles;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use portcullis_application::admin::{AdminOptions, BanOptions};
use portcullis_domain::{
    additional::{FieldDefinition, FieldSchema},
    admin::{self, AdminPolicy},
    email::EmailAddress,
    id::UserId,
};
use serde_json::{Map, Value};

use super::{
    declare::{SECONDS, boolean, lifetime, list, number, table, text},
    key::{Declaration, Key, Range},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.admin";
/// A hundred years.
const LONGEST_BAN: u64 = 3_153_600_000;

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.admin.enabled",
    "Let administrators list, create, change, ban and remove users, and act for them.",
)
.otherwise(
    "`true` if there is a section `[plugins.admin]`, even an empty one, but not if it only contains `schema`",
);
const DEFAULT_ROLE: Key<String> = text(
    "plugins.admin.default_role",
    "Role of new users, and of users without a role.",
)
.or("user");
const ADMIN_ROLES: Key<Vec<String>> = list(
    "plugins.admin.admin_roles",
    "Roles whose users are administrators. No user may act for an administrator, unless `plugins.admin.allow_impersonating_admins` is set, and the last administrator cannot be removed, banned or demoted.",
)
.or("admin");
const ADMIN_USER_IDS: Key<Vec<String>> = list(
    "plugins.admin.admin_user_ids",
    "Ids of users who may do everything, whatever their roles.",
)
.or("");
const FIRST_ADMIN_EMAIL: Key<Option<String>> = text(
    "plugins.admin.first_admin_email",
    "E-mail address of the first administrator: as long as there is no administrator, the user who signs in with this address, after verifying it, gets the first of `plugins.admin.admin_roles`.",
)
.otherwise("not set: no user becomes an administrator by signing in");
const AC: Key<Map<String, Value>> = table(
    "plugins.admin.ac",
    "actions by resource",
    "Resources with their actions, as a table of lists. If it is set, roles may contain only these.",
)
.or("{}");
const ROLES: Key<Map<String, Value>> = table(
    "plugins.admin.roles",
    "roles, each with its actions by resource",
    "Roles, each with the actions that it permits, as a table of lists by resource. They replace Better Auth's roles `admin` and `user`, and users can only get roles of these names.",
)
.or("{}");
const DEFAULT_BAN_REASON: Key<String> = text(
    "plugins.admin.default_ban_reason",
    "Reason of a ban if the administrator gives none.",
)
.or("No reason");
const DEFAULT_BAN_EXPIRES_IN: Key<Option<TimeDelta>> = number(
    "plugins.admin.default_ban_expires_in",
    Range::new(1, LONGEST_BAN, SECONDS),
    "Length of a ban if the administrator gives none.",
)
.otherwise("not set: the ban never ends");
const BANNED_USER_MESSAGE: Key<String> = text(
    "plugins.admin.banned_user_message",
    "Message of the error that a banned user gets at sign-in.",
)
.or("You have been banned from this application. Please contact support if you believe this is an error.");
const IMPERSONATION_SESSION_DURATION: Key<TimeDelta> = lifetime(
    "plugins.admin.impersonation_session_duration",
    "How long an administrator may act for a user before starting again.",
)
.or("3600");
const ALLOW_IMPERSONATING_ADMINS: Key<bool> = boolean(
    "plugins.admin.allow_impersonating_admins",
    "Let administrators act for other administrators who have no more permissions than they have.",
)
.or("false");
pub(super) const SCHEMA: Schema = Schema::new("plugins.admin.schema", &[], admin::user_fields);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &FIRST_ADMIN_EMAIL.declaration,
    &DEFAULT_ROLE.declaration,
    &ADMIN_ROLES.declaration,
    &ADMIN_USER_IDS.declaration,
    &ROLES.declaration,
    &AC.declaration,
    &DEFAULT_BAN_REASON.declaration,
    &DEFAULT_BAN_EXPIRES_IN.declaration,
    &BANNED_USER_MESSAGE.declaration,
    &IMPERSONATION_SESSION_DURATION.declaration,
    &ALLOW_IMPERSONATING_ADMINS.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the fields that the plugin adds to users, if it is enabled.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        admin::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the fields that the plugin adds to sessions, if it is enabled.
pub(super) fn session_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        admin::session_fields()
    } else {
        Vec::new()
    }
}

/// Returns the options of administration, or `None` if it is disabled. `fields` are the additional fields of users.
/// `session_lifetime` is how long clients store sessions, and `revokes_sessions` whether the reset of a password ends them.
pub(super) fn read(
    settings: &mut Settings,
    fields: &FieldSchema,
    session_lifetime: TimeDelta,
    revokes_sessions: bool,
) -> Option<AdminOptions> {
    let options = AdminOptions {
        policy: policy(settings),
        bans: BanOptions {
            default_reason: settings.get(&DEFAULT_BAN_REASON),
            default_length: settings.get(&DEFAULT_BAN_EXPIRES_IN),
            message: settings.get(&BANNED_USER_MESSAGE),
        },
        impersonation_lifetime: settings.get(&IMPERSONATION_SESSION_DURATION),
        first_admin: first_admin(settings),
        fields: fields.clone(),
        session_lifetime,
        revokes_sessions,
    };
    is_on(settings).then_some(options)
}

fn policy(settings: &mut Settings) -> AdminPolicy {
    let defaults = AdminPolicy::default();
    let own = roles::read(settings);
    let has_own_roles = own.is_some();
    let ids = settings.get(&ADMIN_USER_IDS).into_iter();
    let policy = AdminPolicy {
        roles: own.unwrap_or(defaults.roles),
        has_own_roles,
        default_role: settings.get(&DEFAULT_ROLE),
        admin_roles: settings.get(&ADMIN_ROLES),
        admin_users: ids.map(UserId::new).collect(),
        may_impersonate_admins: settings.get(&ALLOW_IMPERSONATING_ADMINS),
    };
    if is_on(settings) {
        names::check(settings, &policy);
    }
    policy
}

fn first_admin(settings: &mut Settings) -> Option<EmailAddress> {
    let text = settings.get(&FIRST_ADMIN_EMAIL)?;
    let email = EmailAddress::parse(&text).ok();
    if email.is_none() {
        settings.refuse(
            &FIRST_ADMIN_EMAIL,
            format!("`{FIRST_ADMIN_EMAIL}` must be an e-mail address"),
        );
    }
    email
}

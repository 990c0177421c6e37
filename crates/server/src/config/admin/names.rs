//! Checks of the roles that the options name.

use portcullis_domain::{
    access::RoleList,
    admin::{AdminPolicy, Permission},
};

use super::{ADMIN_ROLES, ADMIN_USER_IDS, DEFAULT_ROLE, FIRST_ADMIN_EMAIL, ROLES};
use crate::config::settings::Settings;

/// Checks that the options name roles that exist, and that they protect administrators.
pub(super) fn check(settings: &mut Settings, policy: &AdminPolicy) {
    check_admin_roles(settings, policy);
    check_default_role(settings, policy);
    if policy.has_own_roles {
        warn_of_unknown_actions(settings, policy);
    }
}

/// Refuses roles that do not exist. Better Auth ignores the case of `admin_roles` here, but not when it compares the roles of
/// users.
fn check_admin_roles(settings: &mut Settings, policy: &AdminPolicy) {
    for name in &policy.admin_roles {
        if policy.roles.get(name).is_none() {
            let text = format!("`{ADMIN_ROLES}`: there is no role \"{name}\"; {}", remedy(policy));
            settings.refuse(&ADMIN_ROLES, text);
        }
    }
    if policy.admin_roles.is_empty() && settings.is_given(&FIRST_ADMIN_EMAIL) {
        let text = format!("`{FIRST_ADMIN_EMAIL}` needs a role in `{ADMIN_ROLES}`, which the user gets");
        settings.refuse(&ADMIN_ROLES, text);
    } else if policy.admin_roles.is_empty() && policy.admin_users.is_empty() {
        let text = format!(
            "`{ADMIN_ROLES}` and `{ADMIN_USER_IDS}` are empty: no user is protected as an administrator; name the roles of administrators"
        );
        settings.warn(&ADMIN_ROLES, text);
    }
}

fn check_default_role(settings: &mut Settings, policy: &AdminPolicy) {
    for name in RoleList::of_stored(&policy.default_role).iter() {
        let is_known = policy.roles.get(name).is_some();
        if policy.admin_roles.iter().any(|role| role == name) {
            let text = format!(
                "`{DEFAULT_ROLE}`: every user would be an administrator, since \"{name}\" is one of `{ADMIN_ROLES}`; use another role"
            );
            settings.refuse(&DEFAULT_ROLE, text);
        } else if !is_known && settings.is_given(&DEFAULT_ROLE) {
            let text = format!(
                "`{DEFAULT_ROLE}`: there is no role \"{name}\"; {}",
                remedy(policy)
            );
            if policy.has_own_roles {
                settings.refuse(&DEFAULT_ROLE, text);
            } else {
                settings.warn(&DEFAULT_ROLE, format!("{text}; until then, it permits nothing"));
            }
        }
    }
}

/// Returns what to do if a role does not exist.
fn remedy(policy: &AdminPolicy) -> String {
    let names: Vec<_> = policy
        .roles
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let names = names.join(", ");
    if policy.has_own_roles {
        format!("declare it in `{ROLES}`, or use one of {names}")
    } else {
        format!("use one of {names}, or declare all roles in `{ROLES}`")
    }
}

/// Warns about actions that the server never checks, on the resources that it checks. If `plugins.admin.ac` is set, it
/// lists the actions, and there is no warning.
fn warn_of_unknown_actions(settings: &mut Settings, policy: &AdminPolicy) {
    if settings.is_given(&super::AC) {
        return;
    }
    for (role, permitted) in policy.roles.iter() {
        for (resource, known) in [
            ("user", Permission::OF_USERS),
            ("session", Permission::OF_SESSIONS),
        ] {
            let actions = permitted.actions(resource).unwrap_or_default().iter();
            for action in actions.filter(|action| !known.contains(&action.as_str())) {
                let text = format!(
                    "`{ROLES}.{role}.{resource}`: the server has no action \"{action}\"; it has {}",
                    known.join(", ")
                );
                settings.warn(&ROLES, text);
            }
        }
    }
}

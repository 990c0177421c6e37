//! Roles and what they may do.

use portcullis_domain::{
    access::{Roles, Statements},
    organization::{AccessPolicy, default_roles, is_role_name},
};
use serde_json::{Map, Value};

use super::{
    is_on,
    keys::{AC, CREATOR_ROLE, DYNAMIC_ENABLED, ROLES},
};
use crate::config::{key::Key, settings::Settings};

/// Returns the access control of the deployment.
pub(super) fn read(settings: &mut Settings) -> AccessPolicy {
    let statements = settings.get(&AC).map(|ac| statements(settings, &AC, "", &ac));
    let roles = match settings.get(&ROLES) {
        Some(given) => roles(settings, &given, statements.as_ref()),
        None => default_roles(),
    };
    let creator_role = settings.get(&CREATOR_ROLE);
    if roles.get(&creator_role).is_none() {
        let names: Vec<_> = roles.iter().map(|(name, _)| name).collect();
        let text = format!(
            "`{CREATOR_ROLE}`: there is no role \"{creator_role}\"; use one of {}",
            names.join(", ")
        );
        settings.refuse(&CREATOR_ROLE, text);
    }
    if statements.is_none() {
        warn_of_missing_resources(settings);
    }
    AccessPolicy {
        statements: statements.filter(|_| settings.get(&DYNAMIC_ENABLED)),
        roles,
        creator_role,
    }
}

/// wire: Better Auth starts, and answers 501 to the creation of roles.
fn warn_of_missing_resources(settings: &mut Settings) {
    if is_on(settings) && settings.get(&DYNAMIC_ENABLED) {
        let text = format!(
            "`{DYNAMIC_ENABLED}`: organizations can create no roles until `{AC}` lists what they may contain"
        );
        settings.warn(&DYNAMIC_ENABLED, text);
    }
}

fn roles(settings: &mut Settings, given: &Map<String, Value>, known: Option<&Statements>) -> Roles {
    let mut roles = Vec::new();
    for (name, permissions) in given {
        let Value::Object(permissions) = permissions else {
            let text = format!("`{ROLES}.{name}` must be a table such as {{ project = [\"create\"] }}");
            settings.refuse(&ROLES, text);
            continue;
        };
        if !is_role_name(name) {
            let text = format!(
                "`{ROLES}`: the role \"{name}\" needs a name without commas, and without spaces at its ends"
            );
            settings.refuse(&ROLES, text);
        }
        let permissions = statements(settings, &ROLES, &format!(".{name}"), permissions);
        if let Some(known) = known {
            check(settings, name, &permissions, known);
        }
        roles.push((name.clone(), permissions));
    }
    Roles::new(roles)
}

/// Refuses what `ac` does not contain.
fn check(settings: &mut Settings, role: &str, permissions: &Statements, known: &Statements) {
    for (resource, actions) in permissions.iter() {
        let known = known.actions(resource);
        let unknown = actions
            .iter()
            .find(|action| !known.unwrap_or_default().contains(*action));
        let what = match (known, unknown) {
            (None, _) => format!("the resource \"{resource}\""),
            (Some(_), Some(action)) => format!("the action \"{action}\" of \"{resource}\""),
            (Some(_), None) => continue,
        };
        settings.refuse(
            &ROLES,
            format!("`{ROLES}.{role}` contains {what}, which `{AC}` does not; add it there"),
        );
    }
}

fn statements(
    settings: &mut Settings,
    key: &Key<Option<Map<String, Value>>>,
    below: &str,
    given: &Map<String, Value>,
) -> Statements {
    let mut read = Vec::new();
    for (resource, actions) in given {
        let texts = actions.as_array().map(|actions| actions.iter());
        let texts = texts.and_then(|mut actions| {
            actions.try_fold(Vec::new(), |mut texts, action| {
                texts.push(action.as_str()?.to_owned());
                Some(texts)
            })
        });
        match texts {
            Some(texts) => read.push((resource.clone(), texts)),
            None => settings.refuse(
                key,
                format!("`{key}{below}.{resource}` must be a list of actions such as [\"create\"]"),
            ),
        }
    }
    Statements::new(read)
}

//! The roles that a deployment declares.

use portcullis_domain::access::{Roles, Statements};
use serde_json::{Map, Value};

use super::{AC, ROLES};
use crate::config::{key::Declaration, settings::Settings};

/// Returns the declared roles, or `None` if there are none.
pub(super) fn read(settings: &mut Settings) -> Option<Roles> {
    let known = statements(settings, &AC, &AC.to_string(), &settings.get(&AC));
    let mut roles = Vec::new();
    for (name, members) in settings.get(&ROLES) {
        let place = format!("{ROLES}.{name}");
        if name.contains(',') {
            settings.refuse(
                &ROLES,
                format!("`{place}`: the name of a role must not contain a comma"),
            );
        }
        let Value::Object(members) = members else {
            settings.refuse(
                &ROLES,
                format!("`{place}` must be a table of actions by resource"),
            );
            continue;
        };
        let permitted = statements(settings, &ROLES, &place, &members);
        refuse_unknown(settings, &place, &permitted, &known);
        roles.push((name, permitted));
    }
    (!roles.is_empty()).then(|| Roles::new(roles))
}

fn statements(
    settings: &mut Settings,
    key: &Declaration,
    place: &str,
    members: &Map<String, Value>,
) -> Statements {
    let mut read = Vec::new();
    for (resource, value) in members {
        let actions = value.as_array().map(|actions| {
            let actions = actions.iter();
            actions
                .map(|action| action.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        match actions.flatten() {
            Some(actions) => read.push((resource.clone(), actions)),
            None => settings.refuse(key, format!("`{place}.{resource}` must be a list of texts")),
        }
    }
    Statements::new(read)
}

/// Refuses actions that `plugins.admin.ac` does not list, if it is set.
fn refuse_unknown(settings: &mut Settings, place: &str, permitted: &Statements, known: &Statements) {
    if known.is_empty() {
        return;
    }
    for (resource, actions) in permitted.iter() {
        let listed = known.actions(resource).unwrap_or_default();
        for action in actions.iter().filter(|action| !listed.contains(*action)) {
            let text = format!("`{place}.{resource}`: `{AC}` does not list the action \"{action}\"");
            settings.refuse(&ROLES, text);
        }
    }
}

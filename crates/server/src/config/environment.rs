//! Reads the environment: `PORTCULLIS_SECTION__KEY`, and the variables of Better Auth.

use std::collections::BTreeMap;

use super::{
    key::Declaration,
    keys::{ADDED, ALIASES, PREFIX, find},
    names::{Spelling, refusal},
    problem::Place,
    secret::{SECRET, SECRETS},
    settings::Settings,
    value::Value,
};

/// Path of the program, for the tools that start it. The program ignores it.
const NAMES_THE_PROGRAM: &str = "PORTCULLIS_BIN";

/// Better Auth's second name for the secret. It is used only if no other secret is given, since other programs use the
/// same name.
const LAST_SECRET: &str = "AUTH_SECRET";

/// Puts the variables into the settings. Our variables override Better Auth's. An empty variable is ignored: composed
/// deployments pass unset values on as empty ones.
pub(super) fn read(environment: &BTreeMap<String, String>, settings: &mut Settings) {
    let given = |name: &str| environment.get(name).filter(|text| !text.is_empty());
    for (variable, name) in ALIASES {
        if let (Some(text), Some(key)) = (given(variable), find(name))
            && given(&key.variable()).is_none()
        {
            if variable == ADDED {
                settings.add(key, Value::from_text(key, text), place(variable));
            } else {
                set(settings, key, variable, text);
            }
        }
    }
    for (variable, text) in environment {
        let Some(rest) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        if text.is_empty() || variable == NAMES_THE_PROGRAM || is_of_kubernetes(rest, text) {
            continue;
        }
        let name = rest.to_lowercase().replace("__", ".");
        match find(&name).filter(|key| key.variable() == *variable) {
            Some(key) => set(settings, key, variable, text),
            None => settings.complain(
                Place::Variable(variable.clone()),
                refusal(&name, variable, Spelling::Variable),
            ),
        }
    }
    if let (Some(text), Some(key)) = (given(LAST_SECRET), find(SECRET.declaration.name))
        && !settings.is_given(&SECRET)
        && !settings.is_given(&SECRETS)
    {
        set(settings, key, LAST_SECRET, text);
    }
}

fn set(settings: &mut Settings, key: &'static Declaration, variable: &str, text: &str) {
    settings.set(key, Value::from_text(key, text), place(variable));
}

fn place(variable: &str) -> Place {
    Place::Variable(variable.to_owned())
}

/// Whether a variable comes from Kubernetes, which describes each service of a namespace to every pod in variables.
/// Those of a service whose name begins with `portcullis` look like ours.
fn is_of_kubernetes(rest: &str, text: &str) -> bool {
    let describes_port = |(_, after): (&str, &str)| after.starts_with(|c: char| c.is_ascii_digit());
    let looks_so = rest == "PORT"
        || rest.starts_with("PORT_")
        || rest.starts_with("SERVICE_")
        || rest.ends_with("_SERVICE_HOST")
        || rest.contains("_SERVICE_PORT")
        || rest.ends_with("_PORT") && text.contains("://")
        || rest.split_once("_PORT_").is_some_and(describes_port);
    // Our keys in sections contain `__`, which names of services cannot contain.
    looks_so && !rest.contains("__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_kubernetes_services_are_distinguished_from_keys() {
        for rest in [
            "PORT",
            "PORT_3000_TCP",
            "PORT_3000_TCP_ADDR",
            "SERVICE_HOST",
            "SERVICE_PORT_HTTP",
            "POSTGRESQL_SERVICE_HOST",
            "POSTGRESQL_SERVICE_PORT",
            "POSTGRESQL_PORT",
            "POSTGRESQL_PORT_5432_TCP_PROTO",
        ] {
            assert!(is_of_kubernetes(rest, "tcp://10.0.0.7:3000"), "{rest}");
        }
        for rest in [
            "MODE",
            "PORTS",
            "SERVICE",
            "DATABASE__URL",
            "SMTP_PORT",
            "DELIVERY__SMTP__PORT",
        ] {
            assert!(!is_of_kubernetes(rest, "25"), "{rest}");
        }
        for key in super::super::keys::keys() {
            let rest = key.variable().replacen(PREFIX, "", 1);
            assert!(!is_of_kubernetes(&rest, "tcp://10.0.0.7:3000"), "{rest}");
        }
    }
}

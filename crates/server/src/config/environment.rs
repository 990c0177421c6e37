//! Reads the environment: `PORTCULLIS_SECTION__KEY`, and the variables of Better Auth. A variable that holds a secret or
//! a URL may be replaced by a file, which the variable with the suffix `_FILE` names.

use std::collections::BTreeMap;

use super::{
    inputs::Inputs,
    key::{Declaration, Kind},
    keys::{self, ADDED, ALIASES, PREFIX, find, find_named},
    names::{Spelling, refusal},
    near_miss,
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

/// Suffix of variables that name a file.
pub(super) const FILE_SUFFIX: &str = "_FILE";

/// What is wrong with a value in quotes. Shells remove them; `docker --env-file` does not.
pub(super) const QUOTED: &str =
    "is enclosed in quotes, which would be a part of the value: remove the quotes";

/// What is wrong with a value that has a quote at one end: it was cut off, or only one of its quotes was removed.
const HALF_QUOTED: &str = "begins or ends with a quote that has no counterpart at the other end: remove the quote; if it is a part of the value, set the key in the configuration file";

/// Editors on Windows write this character at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// What is wrong with a value that begins with it.
const MARKED: &str = "begins with a byte order mark (U+FEFF), which would be a part of the value: remove the mark, or save the file as UTF-8 without it";

/// A value of the environment, and the variable that gives it.
struct Given<'a> {
    variable: &'a str,
    text: Result<&'a str, String>,
}

/// Puts the variables into the settings. Our variables override Better Auth's. An empty variable is ignored: composed
/// deployments pass unset values on as empty ones.
pub(super) fn read(inputs: &Inputs, settings: &mut Settings) {
    let given = given(inputs, settings);
    for (variable, name) in ALIASES {
        if let (Some(value), Some(key)) = (given.get(variable), find(name))
            && !given.contains_key(key.variable().as_str())
        {
            let (place, read) = value.read(key);
            if variable == ADDED {
                settings.add(key, read, place);
            } else {
                settings.set(key, read, place);
            }
        }
    }
    for (variable, value) in &given {
        let Some(rest) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        let text = value.text.as_deref().unwrap_or_default();
        if *variable == NAMES_THE_PROGRAM || is_of_kubernetes(rest, text) {
            continue;
        }
        match (own_key(variable), own_named_key(variable)) {
            (Some(key), _) => set(settings, key, value),
            (None, Some((key, name))) => {
                let (place, value) = value.read(key);
                let name = settings.name_in_file(key, name);
                settings.set_named(key, &name, value, place);
            }
            (None, None) => settings.complain(
                Place::Variable((*variable).to_owned()),
                refusal(&name_in_file(rest), variable, Spelling::Variable),
            ),
        }
    }
    if let (Some(value), Some(key)) = (given.get(LAST_SECRET), find(SECRET.declaration.name))
        && !settings.is_given(&SECRET)
        && !settings.is_given(&SECRETS)
    {
        set(settings, key, value);
    }
    near_miss::report(given.keys().copied(), settings);
}

/// Whether the variable has the suffix `_FILE` and names a file that contains a secret or a URL.
pub(super) fn names_a_file(variable: &str) -> bool {
    variable.strip_suffix(FILE_SUFFIX).is_some_and(|variable| {
        let aliased = ALIASES.iter().find(|(alias, _)| *alias == variable);
        let own = || own_key(variable).or_else(|| Some(own_named_key(variable)?.0));
        let key = aliased.map_or_else(own, |(_, name)| find(name));
        variable == LAST_SECRET || key.is_some_and(may_be_in_a_file)
    })
}

/// Whether a key holds a secret or a URL, so that its variables also exist with the suffix `_FILE`.
pub(super) fn may_be_in_a_file(key: &Declaration) -> bool {
    match key.kind {
        Kind::Secret | Kind::Secrets => true,
        Kind::Text => key.name.ends_with("url"),
        Kind::Boolean
        | Kind::Number(_)
        | Kind::Fraction
        | Kind::Time
        | Kind::List
        | Kind::Table(_)
        | Kind::Choice { .. } => false,
    }
}

/// Returns the variables that are not empty, by the name without `_FILE`.
fn given<'a>(inputs: &'a Inputs, settings: &mut Settings) -> BTreeMap<&'a str, Given<'a>> {
    let variables = inputs.environment.iter();
    let mut given: BTreeMap<&str, Given<'_>> = variables
        .filter(|(variable, text)| !text.is_empty() && !inputs.variable_files.contains_key(*variable))
        .map(|(variable, text)| (variable.as_str(), Given::new(variable, Ok(text))))
        .collect();
    for (with_suffix, content) in &inputs.variable_files {
        let Some(variable) = with_suffix.strip_suffix(FILE_SUFFIX) else {
            continue;
        };
        if given.contains_key(variable) {
            let problem = format!("{variable} is set as well; set only one of them");
            settings.complain(Place::Variable(with_suffix.clone()), problem);
        }
        // Editors and `echo` end files with a line break.
        let text = content.as_deref().map(|text| text.trim_end_matches(['\r', '\n']));
        let text = match text {
            Ok(text) if text.trim().is_empty() => {
                Err("the file is empty: write the value into it, or remove the variable".to_owned())
            }
            text => text.map_err(ToOwned::to_owned),
        };
        given.insert(variable, Given::new(with_suffix, text));
    }
    given
}

impl<'a> Given<'a> {
    fn new(variable: &'a str, text: Result<&'a str, String>) -> Self {
        Self { variable, text }
    }

    /// Returns the place of the value, and the value or what is wrong with it.
    fn read(&self, key: &Declaration) -> (Place, Result<Value, String>) {
        let value = match &self.text {
            Ok(text) if text.starts_with(BYTE_ORDER_MARK) => Err(format!("`{key}` {MARKED}")),
            Ok(text) if is_quoted(key, text) => Err(format!("`{key}` {QUOTED}")),
            Ok(text) if is_half_quoted(key, text) => Err(format!("`{key}` {HALF_QUOTED}")),
            Ok(text) => Value::from_text(key, text),
            Err(problem) => Err(problem.clone()),
        };
        (Place::Variable(self.variable.to_owned()), value)
    }
}

/// Whether the value, or an entry of a list, is enclosed in quotes. Some tools that read files of variables do not
/// remove them.
fn is_quoted(key: &Declaration, text: &str) -> bool {
    has_quotes(text) || entries(key, text).any(has_quotes)
}

/// Whether a secret or a URL, or one of several, has a quote at only one end. Other texts may end with a word in quotes.
fn is_half_quoted(key: &Declaration, text: &str) -> bool {
    let is_half = |entry: &str| {
        let entry = entry.trim();
        let is_quote = |c: char| matches!(c, '"' | '\'');
        (entry.starts_with(is_quote) || entry.ends_with(is_quote)) && !has_quotes(entry)
    };
    may_be_in_a_file(key) && entries(key, text).any(is_half)
}

/// Returns the entries of a list, or the only value.
fn entries<'a>(key: &Declaration, text: &'a str) -> impl Iterator<Item = &'a str> {
    let separator = match key.kind {
        Kind::List => Some(','),
        Kind::Secrets => Some(';'),
        _ => None,
    };
    text.split(move |c| Some(c) == separator)
}

/// Whether a text begins and ends with the same quote.
pub(super) fn has_quotes(text: &str) -> bool {
    let text = text.trim();
    let is_in = |quote: char| {
        let within = text.strip_prefix(quote);
        within.is_some_and(|within| within.ends_with(quote))
    };
    is_in('"') || is_in('\'')
}

/// Returns the key with this variable.
fn own_key(variable: &str) -> Option<&'static Declaration> {
    let name = name_in_file(variable.strip_prefix(PREFIX)?);
    find(&name).filter(|key| key.variable() == variable)
}

/// Returns the key with this variable, and the name in it.
fn own_named_key(variable: &str) -> Option<(&'static Declaration, String)> {
    let in_file = name_in_file(variable.strip_prefix(PREFIX)?);
    let (key, name) = find_named(&in_file)?;
    (keys::variable(&in_file) == variable).then(|| (key, name.to_owned()))
}

fn name_in_file(rest: &str) -> String {
    rest.to_lowercase().replace("__", ".")
}

fn set(settings: &mut Settings, key: &'static Declaration, given: &Given<'_>) {
    let (place, value) = given.read(key);
    settings.set(key, value, place);
}

/// Whether a variable comes from Kubernetes, which describes each service of a namespace to every pod in variables.
/// Those of a service whose name begins with `portcullis` look like ours.
fn is_of_kubernetes(rest: &str, text: &str) -> bool {
    let describes_port = |(_, after): (&str, &str)| after.starts_with(|c: char| c.is_ascii_digit());
    let looks_so = rest == "PORT" && text.contains("://")
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
        assert!(!is_of_kubernetes("PORT", "4400"));
        for key in super::super::keys::keys().filter(|key| key.name != "port") {
            let rest = key.variable().replacen(PREFIX, "", 1);
            assert!(!is_of_kubernetes(&rest, "tcp://10.0.0.7:3000"), "{rest}");
        }
    }
}

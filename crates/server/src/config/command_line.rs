//! Reads the options of the command line that set keys. They override the file and the environment.

use super::{
    address::{BIND, PORT},
    inputs::Arguments,
    key::Declaration,
    problem::Place,
    settings::Settings,
    value::Value,
};

/// Puts the options into the settings.
pub(super) fn read(arguments: &Arguments, settings: &mut Settings) {
    if !arguments.bind.is_empty() {
        set(settings, &BIND, "--bind", Value::List(arguments.bind.clone()));
    }
    if let Some(port) = arguments.port {
        set(settings, &PORT, "--port", Value::Number(port.into()));
    }
}

fn set(settings: &mut Settings, key: &'static Declaration, option: &'static str, value: Value) {
    settings.set(key, Ok(value), Place::CommandLine(option));
}
